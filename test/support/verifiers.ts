/** Verifiers that are not ours: what receivers would say of a mail, asking the DNS server given. */
import { authenticate } from "mailauth";
import type { Server } from "@chappe/src/dns";

/** The runtime's resolver, in the shape of `dns.promises.resolve`. */
export function resolverOn({ host, port }: Server) {
  const options = { nameServer: { ipAddr: host, port } };
  return async (name: string, type: string): Promise<string[] | string[][]> => {
    try {
      if (type === "TXT") return await Deno.resolveDns(name, type, options);
      if (type !== "MX") return await Deno.resolveDns(name, type as "A", options);
      const hosts = await Deno.resolveDns(name, type, options);
      // What it is at run time; the types of mailauth know no MX.
      return hosts.map(({ preference, exchange }) => ({
        priority: preference,
        exchange: exchange.replace(/\.$/, ""),
      })) as unknown as string[];
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      throw Object.assign(new Error(`${name}: none`), { code: "ENOTFOUND" });
    }
  };
}

export interface Verdicts {
  /** `domain selector result` of each DKIM signature. */
  readonly dkim: readonly string[];
  readonly spf: string | undefined;
  readonly dmarc: string | undefined;
  readonly aligned: { readonly dkim: boolean; readonly spf: boolean };
}

/** What mailauth says of `mail`, sent from `ip` with `mailFrom`. */
export async function byMailauth(
  mail: { raw: Uint8Array; mailFrom: string },
  { ip, helo, dns }: { ip: string; helo: string; dns: Server },
): Promise<Verdicts> {
  const result = await authenticate(Buffer.from(mail.raw), {
    strict: true,
    ip,
    helo,
    sender: mail.mailFrom,
    mta: "mx.receiver.example",
    resolver: resolverOn(dns),
    disableArc: true,
    disableBimi: true,
  });
  const dmarc = result.dmarc === false ? undefined : result.dmarc;
  return {
    dkim: result.dkim.results
      .map((r) => `${r.signingDomain} ${r.selector} ${r.status.result}`).sort(),
    spf: result.spf === false ? undefined : result.spf.status.result,
    dmarc: dmarc?.status.result,
    aligned: {
      dkim: Boolean(dmarc?.alignment?.dkim?.result),
      spf: Boolean(dmarc?.alignment?.spf?.result),
    },
  };
}

const PYTHON = "/usr/bin/python3";
const SCRIPT = `
import base64, json, sys
import dkim
request = json.load(sys.stdin)
records = request["records"]
def txt(name, timeout=5):
    value = records.get(name.decode().rstrip("."))
    return None if value is None else value.encode()
mail = base64.b64decode(request["mail"])
count = sum(line.lower().startswith(b"dkim-signature:") for line in mail.split(b"\\r\\n\\r\\n")[0].split(b"\\r\\n"))
print(json.dumps([dkim.DKIM(mail).verify(idx=i, dnsfunc=txt) for i in range(count)]))
`;

/** Whether Python's dkim (dkimpy) is installed here. */
export async function hasDkimpy(): Promise<boolean> {
  try {
    return (await new Deno.Command(PYTHON, { args: ["-c", "import dkim, nacl"] }).output()).success;
  } catch {
    return false;
  }
}

/** What dkimpy says of each signature, from the top; the DNS is asked for the key records before. */
export async function byDkimpy(raw: Uint8Array, dns: Server): Promise<boolean[]> {
  const text = new TextDecoder("latin1").decode(raw).replaceAll(/\r\n[\t ]+/g, " ");
  const records: Record<string, string> = {};
  for (const [, domain, selector] of text.matchAll(/^DKIM-Signature:.*? d=([^;]+); s=([^;]+);/gm)) {
    const name = `${selector}._domainkey.${domain}`;
    const [strings] = await resolverOn(dns)(name, "TXT").catch(() => []) as string[][];
    if (strings !== undefined) records[name] = strings.join("");
  }
  const child = new Deno.Command(PYTHON, {
    args: ["-c", SCRIPT],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify({ mail: raw.toBase64(), records })));
  await writer.close();
  return JSON.parse(new TextDecoder().decode((await child.output()).stdout));
}
