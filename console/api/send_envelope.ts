/** The message that a request asks to send, and its envelope. */
import { inspect } from "@chappe/src/mail";
import { HTTPException } from "hono/http-exception";
import { compose } from "../mail/compose.ts";
import { parseBody } from "./body.ts";
import { InvalidParametersError } from "./problem.ts";
import type { Handover } from "../intake.ts";
import { NewMessage, type SendQuery } from "./send_shapes.ts";

export type Mail = Pick<Handover, "sender" | "recipients" | "raw">;

/**
 * @param bytes JSON as {@link NewMessage}
 * @throws {HTTPException} @throws {InvalidParametersError}
 */
export async function mailOfJson(
  bytes: Uint8Array,
  query: SendQuery,
  optionsHeader: string,
): Promise<Mail> {
  for (const parameter of ["to", "returnPath"] as const) {
    if (query[parameter] === undefined) continue;
    throw new InvalidParametersError([{ parameter, detail: "stands in the body" }]);
  }
  const message = parseBody(textOf(bytes), NewMessage);
  const { headers, options, to, cc, bcc, from } = message;
  const twice = Object.keys(headers).find((name) =>
    name.toLowerCase() === optionsHeader.toLowerCase()
  );
  if (twice !== undefined) {
    const pointer = `/headers/${twice}`;
    throw new InvalidParametersError([{ pointer, detail: "give them as `options`" }]);
  }
  return {
    sender: message.returnPath ?? from.email,
    recipients: [...to, ...cc, ...bcc].map(({ email, ...told }) => ({ ...told, address: email })),
    raw: await compose({
      ...message,
      headers: options === undefined
        ? headers
        : { ...headers, [optionsHeader]: JSON.stringify(options) },
    }),
  };
}

/** @param raw a message as RFC 5322 has it. @throws {InvalidParametersError} */
export function mailOfSource(raw: Uint8Array, query: SendQuery, optionsHeader: string): Mail {
  const { from, to, cc, bcc } = inspect(raw, optionsHeader);
  const recipients = query.to ?? [...to, ...cc, ...bcc];
  if (recipients.length === 0) {
    const detail = "name a recipient: the message has none in To, Cc or Bcc";
    throw new InvalidParametersError([{ parameter: "to", detail }]);
  }
  return {
    sender: query.returnPath ?? from[0] ?? "",
    recipients: recipients.map((address) => ({ address })),
    raw,
  };
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new HTTPException(400, { message: "the body is not UTF-8" });
  }
}
