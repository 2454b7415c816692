/** For tests: what a console is built on, over plain data. */
import { BodyGoneError, type Mailbox } from "@chappe/src/log";
import type { Consents } from "@chappe/src/recipients";
import { formatTag } from "@chappe/src/rules";
import type { Role } from "@chappe/src/events";
import {
  createAccount,
  digestApiKey,
  NO_SETTINGS,
  PLATFORM,
  type SettingsFact,
} from "@chappe/src/settings";
import type { ConsoleDeps } from "./deps.ts";
import type { Handover, Intake, Submitted } from "./intake.ts";
import type { Data } from "./test_data.ts";
import type { TestLog } from "./test_log.ts";

export const API_KEY = "test-key";
export const OTHER_KEY = "other-key";
/** Further API keys, by what they may do. */
export const KEYS = {
  owner: API_KEY,
  operator: "operator-key",
  analyst: "analyst-key",
  platform: "platform-key",
  platformOperator: "platform-operator-key",
} as const;

/** What was handed in to be sent, and what the intake says to it. */
export interface Sent {
  handovers: Handover[];
  outcome: Exclude<Submitted, { kind: "accepted" }> | null;
}

export function consentsOf(log: TestLog): Consents {
  return {
    withdrawn: (tag) =>
      log.of("consent").filter((e) => "tag" in e.data && e.data.tag === formatTag(tag))
        .at(-1)?.type === "consent.withdrawn",
  };
}

export function bodiesOf(data: Data): ConsoleDeps["bodies"] {
  return {
    get(reference) {
      const body = data.bodies[reference];
      return body === undefined
        ? Promise.reject(new BodyGoneError(reference))
        : Promise.resolve(body);
    },
  };
}

export function intakeOf(sent: Sent): Intake {
  return {
    receive: async (body, use) => await use(await new Response(body).bytes()),
    submit(handover) {
      sent.handovers.push(handover);
      const id = `019e0000-0000-7000-8000-${String(sent.handovers.length).padStart(12, "0")}`;
      const recipients = handover.recipients.map(({ address }) => ({
        address,
        kind: "to" as const,
      }));
      return Promise.resolve(sent.outcome ?? { kind: "accepted", id, recipients });
    },
  };
}

export function mailboxOf(data: Data): Mailbox {
  return {
    put: () => Promise.reject(new Error("the console puts nothing into the mailbox")),
    list: (limit) => Promise.resolve(data.mails.toSorted((a, b) => b.seq - a.seq).slice(0, limit)),
    get: (seq) => Promise.resolve(data.mails.find((mail) => mail.seq === seq) ?? null),
  };
}

/** Two customers, and the operator of the installation. */
export function initialSettings(): SettingsFact[] {
  const open = (id: string, key: string, secret: string) =>
    createAccount(NO_SETTINGS, {
      id,
      name: id,
      senders: [],
      smtp: { login: id, hash: `hash of ${id}` },
      apiKey: { key, name: "test", digest: digestApiKey(secret) },
      user: { email: `${id}@example.com`, name: "Ada Demo", hash: `hash of ${id}` },
    });
  const key = (account: string, role: Role, secret: string) => {
    const data = { key: secret, name: secret, digest: digestApiKey(secret), role };
    return { type: "settings.api-key-issued", account, data } as const;
  };
  return [
    ...open("demo", "k1", API_KEY),
    ...open("other", "k2", OTHER_KEY),
    key("demo", "operator", KEYS.operator),
    key("demo", "analyst", KEYS.analyst),
    key(PLATFORM, "owner", KEYS.platform),
    key(PLATFORM, "operator", KEYS.platformOperator),
    {
      type: "settings.token-key-created",
      account: PLATFORM,
      data: { kid: 1, secret: "thirty-two bytes of a secret key" },
    },
  ];
}
