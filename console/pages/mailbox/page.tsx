/** The sandbox's mailbox: the list beside the mail being read. */
import type { Mailbox } from "@chappe/src/log";
import type { FC } from "hono/jsx";
import type { View } from "../../web/view.ts";
import { page } from "../layout.tsx";
import { FirstMail, Time } from "../parts.tsx";
import { type Opened, Reader, type ReaderView } from "./reader.tsx";

type Entry = Awaited<ReturnType<Mailbox["list"]>>[number];

export function mailboxPage(view: View, { entries, opened, show, tryLine }: {
  /** Newest first. */
  entries: Entry[];
  /** Null: none chosen. */
  opened: Opened | null;
  show: ReaderView;
  tryLine: string;
}) {
  const { t } = view;
  return page(view, {
    title: opened?.mail?.subject || t.mailbox.title,
    refresh: 3,
    class: opened === null ? "mailbox" : "mailbox reading",
    children: (
      <>
        <header class="page-head">
          <h1>{t.mailbox.title}</h1>
          <p class="lead">{t.mailbox.lead}</p>
        </header>
        <div class="panes">
          <section class="card entries" aria-label={t.mailbox.list} data-region="entries">
            {entries.length === 0
              ? (
                <FirstMail
                  view={view}
                  title={t.mailbox.empty}
                  lead={t.mailbox.emptyLead}
                  line={tryLine}
                />
              )
              : (
                <ul data-rows>
                  {entries.map((entry) => (
                    <EntryLink view={view} entry={entry} current={entry.seq === opened?.seq} />
                  ))}
                </ul>
              )}
          </section>
          {opened !== null && <Reader view={view} opened={opened} show={show} />}
          {opened === null && entries.length > 0 && (
            <section class="card choose">
              <p>{t.mailbox.choose}</p>
            </section>
          )}
        </div>
      </>
    ),
  });
}

const EntryLink: FC<{ view: View; entry: Entry; current: boolean }> = (
  { view, entry: { seq, at, headers }, current },
) => (
  <li data-key={`mail-${seq}`}>
    <a href={`/mailbox/${seq}`} aria-current={current ? "true" : undefined}>
      <span class="to">{headers["to"] ?? ""}</span>
      <Time view={view} at={at} as="minute" />
      <strong>{headers["subject"] || view.t.messages.noSubject}</strong>
      <span class="from">{headers["from"] ?? ""}</span>
    </a>
  </li>
);
