/** What the sandbox's receiving server acts out, by how a local part begins. */

export type Act =
  | { kind: "accept" }
  /** Refused at RCPT TO with this reply, each time or only the first time. */
  | { kind: "refuse"; code: number; text: string; times: "always" | "once" }
  /** Taken, the reply coming late. */
  | { kind: "slow" }
  /** Taken, and reported as spam afterwards. */
  | { kind: "complain" };

const refuse = (code: number, text: string, times: "always" | "once" = "always"): Act => ({
  kind: "refuse",
  code,
  text,
  times,
});

/** Longer words first: `softbounce` is not `bounce`, whatever the order of looking. */
const ACTS: readonly (readonly [string, Act])[] = [
  ["softbounce", refuse(451, "4.2.1 The mailbox cannot be reached now, try again later")],
  ["bounce", refuse(550, "5.1.1 No such user here")],
  ["defer", refuse(450, "4.7.1 Greylisted, try again in a moment", "once")],
  ["full", refuse(552, "5.2.2 The mailbox is full")],
  ["slow", { kind: "slow" }],
  ["complain", { kind: "complain" }],
];

/** @param address `local@domain` */
export function actOf(address: string): Act {
  const lower = address.toLowerCase();
  return ACTS.find(([word]) => lower.startsWith(word))?.[1] ?? { kind: "accept" };
}
