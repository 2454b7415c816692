/** Options that several commands share. */

export const ACCOUNT = { value: "id", required: true, help: "The account" } as const;
export const ANY_ACCOUNT = { value: "id", help: "Only those of this account" } as const;
export const ROLE = {
  choices: ["owner", "operator", "analyst"],
  help: "Everything; send and change lists, senders, domains; or only look",
} as const;
export const NAME = { value: "text", help: "Name for people" } as const;

/** Of secrets. */
export const SHOWN_ONCE = "The secret is shown once: only a hash is kept. Note it now.";
