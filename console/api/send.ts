/** Sending over HTTP: the same checks, limits and records as over SMTP. */
import { createHash } from "node:crypto";
import type { Context } from "hono";
import type { ConsoleDeps, Env } from "../deps.ts";
import type { Refused, Submitted } from "../intake.ts";
import { clientOf } from "../web/client.ts";
import { requireType } from "./body.ts";
import { locationOf } from "./lists.ts";
import { problem } from "./problem.ts";
import { type Route, route } from "./route.ts";
import { mailOfJson, mailOfSource } from "./send_envelope.ts";
import { NewMessage, SendQuery, SentMessage } from "./send_shapes.ts";

const JSON_TYPE = "application/json";
const SOURCE_TYPE = "message/rfc822";
const BODIES = { [JSON_TYPE]: NewMessage, [SOURCE_TYPE]: null };

/** Paths of requests whose body the intake limits. */
export const isSending = (path: string) => /^\/api\/v1\/(accounts\/[^/]+\/)?messages$/.test(path);

export function sending(
  { intake, optionsHeader, now }: Pick<ConsoleDeps, "intake" | "optionsHeader" | "now">,
): Route[] {
  return [
    route({
      method: "post",
      path: "/messages",
      id: "sendMessage",
      summary: "Sends a message, given by its pieces or as it is to be",
      role: "operator",
      query: SendQuery,
      uploads: BODIES,
      answer: { status: 202, name: "SentMessage", schema: SentMessage },
      problems: [400, 408, 409, 429],
      async handle({ c, account, by, query, idempotencyKey: key }) {
        const type = requireType(c, ...Object.keys(BODIES));
        const mailOf = type === JSON_TYPE ? mailOfJson : mailOfSource;
        const client = { ip: clientOf(c), ehlo: "", tls: null, login: by };
        const body = c.req.raw.body ?? ReadableStream.from<Uint8Array>([]);
        const outcome = await intake.receive(body, async (bytes) => {
          const repeat = key === null ? null : { key, fingerprint: fingerprintOf(c, type, bytes) };
          const mail = await mailOf(bytes, query, optionsHeader);
          return await intake.submit({ account, client, repeat, ...mail });
        });
        if (outcome.kind !== "accepted") return notTaken(c, outcome, now());
        const { id, recipients } = outcome;
        c.header("Location", locationOf(c.req.path, id));
        return {
          id,
          recipients: recipients.map(({ address, kind }, index) => ({
            index,
            recipient: address,
            type: kind,
          })),
        };
      },
    }),
  ];
}

/** Of everything that decides what is sent. */
function fingerprintOf(c: Context<Env>, type: string, bytes: Uint8Array): string {
  const asked = `${type}\n${new URL(c.req.url).search}\n`;
  return createHash("sha256").update(asked).update(bytes).digest("base64url");
}

type NotTaken = Exclude<Submitted, { kind: "accepted" }> | { kind: "broken-off" };

function notTaken(c: Context<Env>, outcome: NotTaken, now: number): Response {
  const retryAt = "retryAt" in outcome ? outcome.retryAt : null;
  if (retryAt !== null) {
    c.header("Retry-After", String(Math.max(1, Math.ceil((retryAt - now) / 1000))));
  }
  switch (outcome.kind) {
    case "broken-off":
      return problem(c, 408, "the body did not arrive whole");
    case "key-reused":
      return problem(c, 422, "this Idempotency-Key was used for another request", {
        errors: [{ parameter: "Idempotency-Key", detail: "was used with another body" }],
      });
    case "under-way":
      return problem(c, 409, "the same request is under way; ask again for its outcome");
    case "refused": {
      const status = statusOf(outcome);
      if (status === 503) c.header("Retry-After", RETRY_S);
      return problem(c, status, outcome.reply.text, { smtp: outcome.reply });
    }
  }
}

/** When to try again where nobody can know, s. */
const RETRY_S = "10";

function statusOf({ reason, reply }: Refused) {
  switch (reason) {
    case "sender":
      return 403;
    case "size":
      return 413;
    case "quota":
      return 429;
    case "recipients": // too many: SMTP takes those that it can, here it is all or none
      return 422;
    default:
      return reply.code < 500 ? 503 : 422;
  }
}
