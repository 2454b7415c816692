/** Mail as the sandbox's receiving server took it in. */
import { connectStation, type Station } from "@chappe/src/log";
import { SILENT } from "@chappe/src/runtime";
import { eventually, type Platform } from "./platform.ts";

/** What the sandbox's receiving server got for `recipient`, newest first, as text. */
export function received(platform: Platform, recipient: string): Promise<string> {
  return withStation(platform, ({ mailbox }) =>
    eventually(`mail for ${recipient}`, async () => {
      for (const { seq } of await mailbox.list(100)) {
        const mail = await mailbox.get(seq);
        if (mail?.headers["to"]?.includes(recipient)) return new TextDecoder().decode(mail.raw);
      }
    }));
}

/** How many of the last hundred mails are for `recipient`. */
export function copiesFor(platform: Platform, recipient: string): Promise<number> {
  return withStation(platform, async ({ mailbox }) => {
    const mails = await mailbox.list(100);
    return mails.filter(({ headers }) => headers["to"]?.includes(recipient)).length;
  });
}

/** The log of the platform, as one of its own processes has it. */
export async function withStation<T>(
  platform: Platform,
  use: (station: Station) => Promise<T>,
): Promise<T> {
  const station = await connectStation({
    url: await Deno.readTextFile(`${platform.data}/data/nats.url`),
    now: Date.now,
    logger: SILENT,
  });
  try {
    return await use(station);
  } finally {
    await station.close();
  }
}

/** The tracking links in a quoted-printable or plain mail: `/o/…`, `/c/…`, `/u/…`, `/f/…`. */
export function links(raw: string, kind: "o" | "c" | "u" | "f"): string[] {
  const text = raw.replaceAll("=\r\n", "").replaceAll("=3D", "=");
  return [...text.matchAll(new RegExp(`http://[^"'<>\\s]*/${kind}/[A-Za-z0-9_-]+`, "g"))]
    .map((m) => m[0]);
}
