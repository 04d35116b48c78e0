// mono_client.exe [--encoding E] net.tcp://HOST:PORT/none/echo [CASE...]
// mono_client.exe --encoding streamed net.tcp://HOST:PORT/none-streamed/stream [CASE...]
// Drives the echo group, or the stream group, with Mono's ChannelFactory, each case on a session of its own. Prints "PASS
// case 12ms" or "FAIL case 12ms reason" and "TOTAL pass=N fail=N"; exits 0 only when something ran
// and nothing failed.
using System;
using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.Threading;
using System.Xml;

namespace Interop
{
class Mismatch : Exception
{
    public Mismatch(string message) : base(message) {}
}

class Cases
{
    const int PatienceMilliseconds = 40000;
    readonly EndpointAddress address;
    readonly Binding binding;
    int passed, failed;

    Cases(string address, string encoding)
    {
        this.address = new EndpointAddress(address);
        binding = Bindings.For(encoding);
    }

    static int Main(string[] arguments)
    {
        var encoding = "binary";
        if (arguments.Length > 1 && arguments[0] == "--encoding")
        {
            encoding = arguments[1];
            arguments = arguments.Skip(2).ToArray();
        }
        if (arguments.Length < 1)
        {
            Console.Error.WriteLine(
                "usage: mono_client.exe [--encoding E] net.tcp://HOST:PORT/none/echo [CASE...]");
            return 2;
        }
        ThreadPool.SetMinThreads(64, 64);
        var cases = new Cases(arguments[0], encoding);
        var all = encoding == "streamed" ? cases.Streams() : cases.All();
        var wanted = arguments.Skip(1).ToArray();
        foreach (var name in wanted.Where(name => !all.ContainsKey(name)))
        {
            Console.Error.WriteLine("unknown case " + name +
                                    "; there are: " + string.Join(" ", all.Keys));
            return 2;
        }
        foreach (var entry in all)
            if (wanted.Length == 0 || wanted.Contains(entry.Key)) cases.Run(entry.Key, entry.Value);
        Console.WriteLine("TOTAL pass=" + cases.passed + " fail=" + cases.failed);
        Console.Out.Flush();
        // A case that hung leaves its thread inside WCF: leave without waiting for it.
        Environment.Exit(cases.failed == 0 && cases.passed > 0 ? 0 : 1);
        return 0;
    }

    Dictionary<string, Action> All()
    {
        var cases = new Dictionary<string, Action>();
        cases["echo"] = () => OnSession(session => EchoBack(session, "hello"));
        cases["echo-unicode"] = () => OnSession(
            session => EchoBack(session, "h\u00e9llo <&>\"' \u4f60\u597d \U0001F600 \t end"));
        cases["echo-crlf"] = () =>
            OnSession(session => EchoBack(session, "one\r\ntwo\rthree\nfour"));
        cases["echo-null"] = () => OnSession(session => EchoBack(session, null));
        cases["echo-empty"] = () => OnSession(session => EchoBack(session, ""));
        cases["bytes-null"] = () =>
            OnSession(session => Same(null, session.EchoBytes(null), "reply"));
        foreach (var length in new[] { 0, 1, 2, 3, 255, 256, 1000 })
            cases["bytes-" + length] = BytesOf(length);
        cases["chars-8000"] = () => OnSession(session => EchoBack(session, new string('x', 8000)));
        cases["bytes-1mib"] = BytesOf(1 << 20);
        cases["oneway"] = () => OnSession(OneWay);
        cases["fault"] = () => OnSession(TypedFault);
        cases["after-fault"] = () => OnSession(EchoAfterFault);
        cases["fault-plain"] = PlainFault;
        cases["complex"] = () => OnSession(session => ComplexBack(session, Complex.Sample(true)));
        cases["complex-null"] = () =>
            OnSession(session => Same(null, session.EchoComplex(null), "reply"));
        cases["out-params"] = () => OnSession(OutParameters);
        cases["slow"] = () => OnSession(session => Same("slept 700", session.Sleep(700), "reply"));
        cases["concurrent"] = Concurrent;
        cases["concurrent-sessions"] = ConcurrentSessions;
        cases["reopen"] = () =>
        {
            for (var i = 0; i < 5; i++) OnSession(session => EchoBack(session, "session " + i));
        };
        cases["reorder"] = Reorder;
        cases["duplex-subscribe"] = () => OnChat((chat, inbox) =>
        {
            Same(3, chat.Subscribe("bob", 3), "count");
            for (var i = 0; i < 3; i++) Same("server: hello bob #" + i, inbox.Next(), "message");
        });
        cases["duplex-say"] = () => OnChat((chat, inbox) =>
        {
            Same(0, chat.Subscribe("eve", 0), "count");
            chat.Say("hi");
            Same("eve: echo: hi", inbox.Next(), "message");
        });
        cases["duplex-askback"] = () => OnChat(
            (chat, inbox) => Same("client said: answer to why", chat.AskBack("why"), "answer"));
        cases["duplex-session"] = () => OnChat((chat, inbox) =>
        {
            var id = chat.SessionId();
            if (string.IsNullOrEmpty(id)) throw new Mismatch("the session has no id");
            Same(id, chat.SessionId(), "id");
        });
        return cases;
    }

    Dictionary<string, Action> Streams()
    {
        var cases = new Dictionary<string, Action>();
        cases["stream-echo-string"] = () =>
            OnStreams(session => Same("hello", session.Echo("hello"), "reply"));
        foreach (var size in new long[] { 0, 1000, 300000, 5 << 20 })
        {
            var length = size;
            cases["stream-download-" + length] = () => OnStreams(
                session => Same(length, PatternStream.Check(session.Download(length)), "length"));
            cases["stream-upload-" + length] = () => OnStreams(
                session => Same(length, session.Upload(new PatternStream(length)), "length"));
            cases["stream-echo-" + length] = () => OnStreams(session =>
            {
                var back = session.EchoStream(new PatternStream(length));
                Same(length, PatternStream.Check(back), "length");
            });
        }
        cases["stream-upload-named"] = () => OnStreams(session =>
        {
            var reply = session.UploadNamed(
                new UploadRequest { Name = "file.bin", Data = new PatternStream(12345) });
            Same("file.bin", reply.Name, "name");
            Same(12345L, reply.Length, "length");
            Same(PatternStream.Sha256(new PatternStream(12345)), reply.Sha256, "digest");
        });
        return cases;
    }

    void OnStreams(Action<IStreaming> work)
    {
        var session = new ChannelFactory<IStreaming>(binding, address).CreateChannel();
        var channel = (IClientChannel)session;
        try
        {
            channel.Open();
            work(session);
            channel.Close();
        }
        finally
        {
            if (channel.State != CommunicationState.Closed) channel.Abort();
        }
    }

    Action BytesOf(int length)
    {
        var bytes = Enumerable.Range(0, length).Select(i => (byte)(i * 7 + 3)).ToArray();
        return () => OnSession(session => Same(bytes, session.EchoBytes(bytes), "reply"));
    }

    static void EchoBack(IEcho session, string text) { Same(text, session.Echo(text), "reply"); }

    static void OneWay(IEcho session)
    {
        var text = "note " + Guid.NewGuid();
        Same(0, session.NotifyCount(text), "count before");
        session.Notify(text);
        session.Notify(text);
        var clock = Stopwatch.StartNew();
        while (session.NotifyCount(text) != 2 && clock.ElapsedMilliseconds < 5000) Thread.Sleep(20);
        Same(2, session.NotifyCount(text), "count after two notifications");
    }

    static void TypedFault(IEcho session)
    {
        try
        {
            session.Fail("boom", 42);
        }
        catch (FaultException<Detail> fault)
        {
            Same("Custom", fault.Code.Name, "fault code");
            Same(Names.Service, fault.Code.Namespace, "namespace of the fault code");
            Same("reason: boom", fault.Reason.GetMatchingTranslation().Text, "fault reason");
            Same(42, fault.Detail.Code, "detail code");
            Same("boom", fault.Detail.Message, "detail message");
            Same(Names.Service + "/IEcho/FailDetailFault", fault.Action, "fault action");
            return;
        }
        throw new Mismatch("no fault arrived");
    }

    // Mono's factory cannot be used any more once one of its channels was aborted: every session
    // gets its own.
    IEcho CreateSession()
    {
        return new ChannelFactory<IEcho>(binding, address).CreateChannel();
    }

    static void EchoAfterFault(IEcho session)
    {
        TypedFault(session);
        EchoBack(session, "still alive");
    }

    // The host may end the session after an unhandled exception, so this case aborts its own.
    void PlainFault()
    {
        var session = CreateSession();
        try
        {
            session.FailUnhandled("boom");
        }
        catch (FaultException fault)
        {
            // Mono's client keeps only the code's outer name when it builds the exception from a
            // fault it has no type for.
            var code = fault.Code.SubCode ?? fault.Code;
            if (code.Name != "InternalServiceFault" && code.Name != "Receiver")
                throw new Mismatch("fault code " + code.Name);
            if (fault.GetType() != typeof(FaultException))
                throw new Mismatch("unexpected " + fault.GetType());
            return;
        }
        finally
        {
            ((IChannel)session).Abort();
        }
        throw new Mismatch("no fault arrived");
    }

    static void OutParameters(IEcho session)
    {
        int difference;
        Same(10, session.Add(7, 3, out difference), "sum");
        Same(4, difference, "difference");
        Same(-1, session.Add(int.MaxValue, int.MinValue, out difference), "sum");
        Same(-1, difference, "difference");
    }

    static void ComplexBack(IEcho session, Complex sent)
    {
        SameMembers(sent, session.EchoComplex(sent), "reply");
    }

    // 32 requests on one session before the first reply is read; every reply must relate to the
    // request it answers. Built on the channel because Mono's typed client gives a reply to
    // whichever caller happens to read next.
    void Concurrent()
    {
        OnChannel(session =>
                  {
                      var expected = new Dictionary<UniqueId, string>();
                      foreach (var text in Enumerable.Range(0, 32).Select(i => "call " + i))
                          expected[Send(session, "Echo", "text", text)] = text;
                      while (expected.Count > 0)
                      {
                          var reply = Receive(session);
                          string text;
                          if (reply.Headers.RelatesTo == null ||
                              !expected.TryGetValue(reply.Headers.RelatesTo, out text))
                              throw new Mismatch("reply relates to no open request: " +
                                                 reply.Headers.RelatesTo);
                          expected.Remove(reply.Headers.RelatesTo);
                          Same(text, Result(reply, "Echo"), "reply");
                      }
                  });
    }

    // A fast call overtakes a slow one on the same session.
    void Reorder()
    {
        OnChannel(session =>
                  {
                      var slow = Send(session, "Sleep", "milliseconds", "1000");
                      var fast = Send(session, "Echo", "text", "fast");
                      var first = Receive(session);
                      Same(fast, first.Headers.RelatesTo, "request the first reply relates to");
                      Same("fast", Result(first, "Echo"), "first reply");
                      var second = Receive(session);
                      Same(slow, second.Headers.RelatesTo, "request the second reply relates to");
                      Same("slept 1000", Result(second, "Sleep"), "second reply");
                  });
    }

    void OnChannel(Action<IDuplexSessionChannel> work)
    {
        var channels = binding.BuildChannelFactory<IDuplexSessionChannel>();
        channels.Open();
        var session = channels.CreateChannel(address);
        try
        {
            session.Open();
            work(session);
            session.Close();
        }
        finally
        {
            if (session.State != CommunicationState.Closed) session.Abort();
        }
    }

    UniqueId Send(IDuplexSessionChannel session, string operation, string parameter, string value)
    {
        var request = Message.CreateMessage(binding.MessageVersion,
                                            Names.Service + "/IEcho/" + operation,
                                            new OneParameterBody(operation, parameter, value));
        request.Headers.MessageId = new UniqueId();
        request.Headers.ReplyTo = new EndpointAddress(EndpointAddress.AnonymousUri);
        request.Headers.To = address.Uri;
        session.Send(request);
        return request.Headers.MessageId;
    }

    static Message Receive(IDuplexSessionChannel session)
    {
        var reply = session.Receive(TimeSpan.FromSeconds(20));
        if (reply == null) throw new Mismatch("the session ended before the reply");
        if (reply.IsFault) throw new Mismatch("a fault arrived");
        return reply;
    }

    static string Result(Message reply, string operation)
    {
        using (var body = reply.GetReaderAtBodyContents())
        {
            body.ReadStartElement(operation + "Response", Names.Service);
            return body.ReadElementContentAsString(operation + "Result", Names.Service);
        }
    }

    class OneParameterBody : BodyWriter
    {
        readonly string operation, parameter, value;

        public OneParameterBody(string operation, string parameter, string value) : base(true)
        {
            this.operation = operation;
            this.parameter = parameter;
            this.value = value;
        }

        protected override void OnWriteBodyContents(XmlDictionaryWriter writer)
        {
            writer.WriteStartElement(operation, Names.Service);
            writer.WriteElementString(parameter, Names.Service, value);
            writer.WriteEndElement();
        }
    }

    // 32 sessions, each with a call of its own at the same moment.
    void ConcurrentSessions()
    {
        var problems = new List<string>();
        var start = new ManualResetEvent(false);
        var threads =
            Enumerable.Range(0, 32)
                .Select(i => new Thread(() =>
                                        {
                                            try
                                            {
                                                OnSession(session =>
                                                          {
                                                              start.WaitOne();
                                                              EchoBack(session, "call " + i);
                                                          });
                                            }
                                            catch (Exception problem)
                                            {
                                                lock (problems)
                                                    problems.Add(i + ": " + Describe(problem));
                                            }
                                        }) { IsBackground = true })
                .ToArray();
        foreach (var thread in threads) thread.Start();
        start.Set();
        foreach (var thread in threads)
            if (!thread.Join(PatienceMilliseconds / 2)) throw new Mismatch("a call never returned");
        if (problems.Count > 0)
            throw new Mismatch(problems.Count + " of 32 failed, first " + problems[0]);
    }

    void OnSession(Action<IEcho> work)
    {
        var session = CreateSession();
        var channel = (IClientChannel)session;
        try
        {
            channel.Open();
            work(session);
            channel.Close();
        }
        finally
        {
            if (channel.State != CommunicationState.Closed) channel.Abort();
        }
    }

    /// What the host calls back.
    [CallbackBehavior(ConcurrencyMode = ConcurrencyMode.Multiple,
                      UseSynchronizationContext = false)]
    class Inbox : IChatCallback
    {
        readonly BlockingCollection<string> messages = new BlockingCollection<string>();

        public void OnMessage(string from, string text) { messages.Add(from + ": " + text); }

        public string Ask(string question) { return "answer to " + question; }

        public string Next()
        {
            string message;
            if (!messages.TryTake(out message, 10000)) throw new Mismatch("no message came");
            return message;
        }
    }

    void OnChat(Action<IChat, Inbox> work)
    {
        var inbox = new Inbox();
        var uri = address.Uri.AbsoluteUri;
        var chat = new EndpointAddress(uri.Substring(0, uri.LastIndexOf('/') + 1) + "chat");
        var session = new DuplexChannelFactory<IChat>(new InstanceContext(inbox), binding, chat)
                          .CreateChannel();
        var channel = (IClientChannel)session;
        try
        {
            channel.Open();
            work(session, inbox);
        }
        finally
        {
            channel.Abort();  // Close of a duplex channel of Mono's waits for ever, for itself
        }
    }

    void Run(string name, Action work)
    {
        string reason = "no result in " + PatienceMilliseconds + "ms";
        var clock = Stopwatch.StartNew();
        var thread = new Thread(() =>
                                {
                                    try
                                    {
                                        work();
                                        reason = null;
                                    }
                                    catch (Exception problem)
                                    {
                                        reason = Describe(problem);
                                    }
                                }) { IsBackground = true };
        thread.Start();
        thread.Join(PatienceMilliseconds);
        var verdict = reason == null ? "PASS " : "FAIL ";
        if (reason == null) passed++;
        else failed++;
        Console.WriteLine(verdict + name + " " + clock.ElapsedMilliseconds + "ms" +
                          (reason == null ? "" : " " + reason));
        Console.Out.Flush();
    }

    static string Describe(Exception problem)
    {
        if (Environment.GetEnvironmentVariable("INTEROP_VERBOSE") != null)
            return problem.ToString();
        var words = problem.GetType().Name + ": " + problem.Message;
        return words.Replace("\r", "\\r").Replace("\n", "\\n");
    }

    static void Same(object expected, object actual, string what)
    {
        var left = expected as IEnumerable;
        var right = actual as IEnumerable;
        var equal = left != null && right != null && !(expected is string)
                        ? left.Cast<object>().SequenceEqual(right.Cast<object>())
                        : Equals(expected, actual);
        if (!equal)
            throw new Mismatch(what + ": expected " + Show(expected) + ", got " + Show(actual));
    }

    static void SameMembers(object expected, object actual, string path)
    {
        if (expected == null || actual == null || expected.GetType() != actual.GetType())
        {
            Same(expected, actual, path);
            return;
        }
        foreach (var member in expected.GetType().GetProperties())
        {
            var name = path + "." + member.Name;
            var left = member.GetValue(expected, null);
            var right = member.GetValue(actual, null);
            if (left is DateTime && right is DateTime)
                Same(((DateTime)left).Kind, ((DateTime)right).Kind, name + ".Kind");
            if (left is Item || left is Complex) SameMembers(left, right, name);
            else if (left is List<Item> && right is List<Item>)
                SameItems((List<Item>)left, (List<Item>)right, name);
            else if (left is Dictionary<string, int> && right is Dictionary<string, int>)
                Same(((Dictionary<string, int>)left).OrderBy(pair => pair.Key).ToList(),
                     ((Dictionary<string, int>)right).OrderBy(pair => pair.Key).ToList(), name);
            else Same(left, right, name);
        }
    }

    static void SameItems(List<Item> expected, List<Item> actual, string path)
    {
        Same(expected.Count, actual.Count, path + ".Count");
        for (var i = 0; i < expected.Count; i++)
            SameMembers(expected[i], actual[i], path + "[" + i + "]");
    }

    static string Show(object value)
    {
        if (value == null) return "null";
        var text = value as string;
        if (text == null && value is IEnumerable)
            text = string.Join(" ",
                               ((IEnumerable)value).Cast<object>().Select(item => item ?? "null"));
        text = (text ?? value.ToString()).Replace("\r", "\\r").Replace("\n", "\\n");
        return "\"" + (text.Length > 120
                           ? text.Substring(0, 120) + "\" ... " + text.Length + " characters"
                           : text + "\"");
    }
}
}
