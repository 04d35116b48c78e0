"""What is compared with what, and what we want of it."""

DOCUMENTS = ["echo-req", "echo-rep", "complex-req", "records"]
SESSIONS = ["1 session", "32 sessions", "256 sessions"]
PAYLOADS = ["16 B", "1 KiB", "64 KiB", "1 MiB"]
# How an echo of each size is secured, and who does no more than that.
SECURED = {"": "Asio coroutines", " over TLS": "OpenSSL on the descriptor",
           " by Kerberos": "GSS-API in a loop"}
OF_PAYLOADS = {"1 MiB": (">=", 0.8), "1 MiB over TLS": (">=", 0.95), "1 MiB by Kerberos": (">=", 2)}
NONE = (None, None)

# what, over what, and what we want: "at most" or "at least" so much
RATIOS = [
    ("echo, nettcp coroutines", "echo, Asio coroutines", "<=", 1.1),
    ("echo, nettcp callbacks", "echo, Asio coroutines", "<=", 1.1),
    ("echo, nettcp coroutines", "echo, blocking sockets", None, None),
    ("echo, nettcp callbacks", "echo, blocking sockets", None, None),
    *((f"echo, {rival}", "echo, nettcp coroutines", None, None)
      for rival in ("gSOAP over HTTP", "Mono WCF")),
    *((f"{n}, nettcp: CPU", f"{n}, Asio coroutines: CPU", None, None) for n in SESSIONS),
    *((f"{n}, gRPC C++: CPU", f"{n}, nettcp: CPU", None, None) for n in SESSIONS),
    *((f"echo {size}{how}, {rival}", f"echo {size}{how}, nettcp",
       *OF_PAYLOADS.get(size + how, NONE))
      for how, rival in SECURED.items() for size in PAYLOADS),
    *((f"stream {way}, a MiB, Asio coroutines", f"stream {way}, a MiB, nettcp", None, None)
      for way in ("up", "down")),
    *((f".NET {d} walk", f"{d} walk", ">=", 10) for d in DOCUMENTS),
    *((f".NET {d} walk", f"{d} walk as text", None, None) for d in DOCUMENTS),
    *((f".NET {d} write", f"{d} write", ">=", 5) for d in DOCUMENTS),
    (".NET typed records read", "typed records read", ">=", 10),
    (".NET typed records write", "typed records write", ">=", 6),
    ("1 MiB read", "1 MiB memcpy", "<=", 1.1),
    ("1 MiB write", "1 MiB memcpy", "<=", 1.1),
    ("tls echo 1 MiB, OpenSSL on the descriptor", "tls echo 1 MiB, nettcp", ">=", 0.95),
    ("tls echo 1 MiB, asio::ssl", "tls echo 1 MiB, nettcp", ">=", 1),
    ("tls handshakes, nettcp", "tls handshakes, OpenSSL in memory", None, None),
    ("TLS adds to an echo, nettcp", "TLS adds to an echo, OpenSSL", "<=", 1.15),
    ("TLS adds to an echo, nettcp", "TLS adds to an echo, OpenSSL reading ahead", None, None),
    ("kerberos 63 KiB frame, GSS-API alone", "kerberos 63 KiB frame, nettcp", ">=", 2),
    ("kerberos 256-octet frame, GSS-API alone", "kerberos 256-octet frame, nettcp", ">=", 0.9),
    *(("kerberos handshakes, nettcp", f"kerberos handshakes, {how}", ">=", 0.9)
      for how in ("default credential", "acquiring for each", "one credential")),
]
# what, and of which two figures it is the difference in each round
DIFFERENCES = [
    ("TLS adds to an echo, nettcp", "echo over TLS, nettcp", "echo without TLS, nettcp"),
    ("TLS adds to an echo, OpenSSL", "echo over TLS, OpenSSL",
     "echo without TLS, blocking sockets"),
    ("TLS adds to an echo, OpenSSL reading ahead", "echo over TLS, OpenSSL reading ahead",
     "echo without TLS, blocking sockets"),
]
# Calls a second that one session takes when it has a core for both its sides.
RATES = [("32 in flight, nettcp coroutines", 200_000), ("32 in flight, nettcp callbacks", 200_000),
         ("open + echo + close, pooled", 10_000)]
# figures that are wanted to be at most so much by themselves
LIMITS = [("tls idle session, nettcp", 20), ("2,000 clients back after a restart", 2),
          ("idle session of a host", 3), ("idle session of a host over TLS", 20)]
