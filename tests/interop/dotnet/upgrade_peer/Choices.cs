// What the peer is told on its command line: KEY=VALUE, each key once.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Security.Principal;

namespace UpgradePeer
{
class Choices
{
    readonly Dictionary<string, string> values = new();

    static readonly string[] known = {
        "mode",  "port",      "via",         "dictionary",  "sizes", "sessions", "level",
        "user",  "password",  "domain",      "spn",         "token", "managed",  "certificate",
        "key",   "trust",     "name",        "tls",         "callers", "breach", "patience",
    };

    public Choices(IEnumerable<string> arguments)
    {
        foreach (var argument in arguments)
        {
            var equals = argument.IndexOf('=');
            var key = equals < 0 ? argument : argument[..equals];
            if (equals < 0 || !known.Contains(key))
                throw new ArgumentException("no such choice: " + argument);
            values.Add(key, argument[(equals + 1)..]);
        }
        if (this["managed"] != null)
            AppContext.SetSwitch("System.Net.Security.UseManagedNtlm", this["managed"] == "1");
    }

    public string this[string key] => values.GetValueOrDefault(key);
    public string Of(string key, string otherwise) => this[key] ?? otherwise;
    public int Number(string key, int otherwise) =>
        this[key] == null ? otherwise : int.Parse(this[key]);

    public string Mode => Of("mode", "none");
    public int Port => Number("port", 0);
    public string Via => Of("via", "net.tcp://localhost:" + Port + "/echo");
    public string Breach => Of("breach", "");
    public TimeSpan Patience => TimeSpan.FromSeconds(Number("patience", 30));
    public int[] Sizes => Of("sizes", "5").Split(',').Select(int.Parse).ToArray();

    public ProtectionLevel Level => Enum.Parse<ProtectionLevel>(Of("level", "EncryptAndSign"));
    public TokenImpersonationLevel Impersonation =>
        Enum.Parse<TokenImpersonationLevel>(Of("token", "Identification"));
    public NetworkCredential Credential =>
        this["user"] == null
            ? CredentialCache.DefaultNetworkCredentials
            : new NetworkCredential(this["user"], Of("password", ""), Of("domain", ""));

    public SslProtocols Protocols => Of("tls", "") switch {
        "1.2" => SslProtocols.Tls12,
        "1.3" => SslProtocols.Tls13,
        "" => SslProtocols.Tls12 | SslProtocols.Tls13,
        var other => throw new ArgumentException("no such version: " + other),
    };
    public X509Certificate2 Certificate =>
        this["certificate"] == null
            ? null
            : X509Certificate2.CreateFromPemFile(this["certificate"],
                                                 Of("key", this["certificate"]));
    /// Trust in the certificates of a PEM file, or in none.
    public X509ChainPolicy Policy(string purpose)
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck,
                                           TrustMode = X509ChainTrustMode.CustomRootTrust };
        policy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid(purpose));
        if (this["trust"] != null) policy.CustomTrustStore.ImportFromPemFile(this["trust"]);
        return policy;
    }
}
}
