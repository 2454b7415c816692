# The tracking edge on workerd: `workerd serve edge.capnp`, beside edge.js (`deno task worker`).
#
#   INTAKE_URL             https://<an edge of the core>/intake
#   EDGE_SECRET            the core's CHAPPE_EDGE_SECRET
#   CLIENT_ADDRESS_HEADER  header in which the proxy before it puts the client's address
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "edge", worker = .edge),
    # The core may stand in a private network.
    (name = "internet", network = (
      allow = ["public", "private"],
      tlsOptions = (trustBrowserCas = true)
    ))
  ],
  sockets = [(name = "http", address = "*:8081", http = (), service = "edge")]
);

const edge :Workerd.Worker = (
  modules = [(name = "edge.js", esModule = embed "edge.js")],
  compatibilityDate = "2026-11-01",
  bindings = [
    (name = "INTAKE_URL", fromEnvironment = "INTAKE_URL"),
    (name = "EDGE_SECRET", fromEnvironment = "EDGE_SECRET"),
    (name = "CLIENT_ADDRESS_HEADER", fromEnvironment = "CLIENT_ADDRESS_HEADER")
  ]
);
