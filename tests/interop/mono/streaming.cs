// The stream group of the interop service, as a WCF contract. Host and client programs share this file.
using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.ServiceModel;

namespace Interop
{
    [ServiceContract(Name = "IStreaming", Namespace = Names.Service)]
    public interface IStreaming
    {
        [OperationContract] Stream Download(long length);
        [OperationContract] long Upload(Stream data);
        [OperationContract] Stream EchoStream(Stream data);
        [OperationContract] UploadReply UploadNamed(UploadRequest request);
        [OperationContract] string Echo(string text);
    }

    [MessageContract(WrapperNamespace = Names.Service)]
    public class UploadRequest
    {
        [MessageHeader(Namespace = Names.Service)] public string Name;
        [MessageBodyMember(Namespace = Names.Service)] public Stream Data;
    }

    [MessageContract(WrapperNamespace = Names.Service)]
    public class UploadReply
    {
        [MessageHeader(Namespace = Names.Service)] public string Name;
        [MessageBodyMember(Namespace = Names.Service, Order = 1)] public long Length;
        [MessageBodyMember(Namespace = Names.Service, Order = 2)] public string Sha256;
    }

    /// As many octets i * 7 + 3 as wanted, made when they are read.
    public class PatternStream : Stream
    {
        readonly long size;
        long at;

        public PatternStream(long size) { this.size = size; }

        public override int Read(byte[] room, int offset, int count)
        {
            var taken = (int)Math.Min(count, size - at);
            for (var i = 0; i < taken; i++) room[offset + i] = At(at + i);
            at += taken;
            return taken;
        }

        public static byte At(long place) { return (byte)(place * 7 + 3); }

        /// Reads to the end; how much there was.
        public static long Check(Stream from)
        {
            var room = new byte[65536];
            long at = 0;
            for (int size; (size = from.Read(room, 0, room.Length)) > 0; at += size)
                for (var i = 0; i < size; i++)
                    if (room[i] != At(at + i))
                        throw new InvalidDataException("another octet at " + (at + i));
            return at;
        }

        public static string Sha256(Stream from)
        {
            using (var digest = SHA256.Create())
                return string.Concat(digest.ComputeHash(from).Select(octet => octet.ToString("x2")));
        }

        public override bool CanRead { get { return true; } }
        public override bool CanSeek { get { return false; } }
        public override bool CanWrite { get { return false; } }
        public override long Length { get { throw new NotSupportedException(); } }
        public override long Position
        {
            get { throw new NotSupportedException(); }
            set { throw new NotSupportedException(); }
        }
        public override void Flush() {}
        public override long Seek(long offset, SeekOrigin origin)
        {
            throw new NotSupportedException();
        }
        public override void SetLength(long value) { throw new NotSupportedException(); }
        public override void Write(byte[] octets, int offset, int count)
        {
            throw new NotSupportedException();
        }
    }
}
