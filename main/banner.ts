/** What a person sees when the platform is up: where it listens, and one line to try. */
import type { Config, Listen } from "@chappe/src/runtime";

export function banner(config: Config): string {
  const at = ({ hostname, port }: Listen) =>
    `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
  const sandbox = config.delivery.kind === "sandbox";
  const delivery = {
    sandbox: "sandbox: all mail goes to the built-in receiving server, none leaves this machine",
    internet: "internet: straight to the recipients' servers",
    relay: config.delivery.kind === "relay"
      ? `relay: everything to ${config.delivery.host}:${config.delivery.port}`
      : "",
  }[config.delivery.kind];
  const lines = [
    "",
    "  Chappe is up.",
    "",
    `  Console and API   http://${at(config.console)}` +
    (sandbox ? "   (demo@example.com / demo, API key demo-key)" : ""),
    `  Submission SMTP   ${config.submission.map(at).join(", ")}` +
    (sandbox ? "   (login demo / demo)" : ""),
    `  Tracking          ${config.trackingUrl}`,
    `  Inbound SMTP      ${at(config.inbound)}`,
    `  Delivery          ${delivery}`,
  ];
  if (sandbox) {
    lines.push("", "  Try:", `  ${exampleCommand(config).replaceAll("\n", "\n  ")}`);
  }
  return lines.join("\n") + "\n";
}

/** A shell command that sends a first mail in the sandbox. */
export function exampleCommand(config: Config): string {
  const { hostname, port } = config.submission[0]!;
  return [
    `swaks --server ${hostname}:${port} --auth-user demo --auth-password demo \\`,
    "      --from hello@example.com --to you@example.net --header 'Subject: First mail' \\",
    "      --add-header 'Content-Type: text/html' \\",
    "      --body '<p>Hello! <a href=\"https://example.org\">A link</a></p>'",
  ].join("\n");
}
