/** What became of one recipient's copy, in order. */
import type { MessageDetail, TimelineEvent } from "@chappe/analytics";
import type { FC } from "hono/jsx";
import type { View } from "../../web/view.ts";
import { StatusChip, Time } from "../parts.tsx";
import { describe, type Fact } from "./describe.ts";

type RecipientProps = {
  view: View;
  recipient: MessageDetail["recipients"][number];
  open: boolean;
};

export const Recipient: FC<RecipientProps> = ({ view, recipient, open }) => {
  const { t } = view;
  const fields = Object.entries(recipient.fields);
  return (
    <details class="copy" open={open} data-key={`rcpt-${recipient.rcpt}`}>
      <summary>
        <span class="kind">{t.kind[recipient.recipientType]}</span>
        <strong>{recipient.recipient}</strong>
        {recipient.name !== null && <span class="name">{recipient.name}</span>}
        <StatusChip view={view} status={recipient.status} />
        <Time view={view} at={recipient.statusAt} />
      </summary>
      {fields.length > 0 && (
        <dl class="facts own">
          {fields.map(([name, text]) => <FactItem fact={{ name, text }} />)}
        </dl>
      )}
      {recipient.events.length === 0
        ? <p class="none">{t.message.noEvents}</p>
        : (
          <ol class="timeline" aria-label={`${t.message.timeline}: ${recipient.recipient}`}>
            {recipient.events.map((event) => <Step view={view} event={event} />)}
          </ol>
        )}
      {recipient.hasMoreHits && <p class="none">{t.message.moreHits}</p>}
    </details>
  );
};

const Step: FC<{ view: View; event: TimelineEvent }> = ({ view, event }) => {
  const { title, tone, facts } = describe(view, event);
  return (
    <li class={tone} data-key={event.id}>
      <div class="what">
        <strong>{title}</strong>
        <Time view={view} at={event.at} />
      </div>
      <dl class="facts">
        {facts.map((fact) => <FactItem fact={fact} />)}
      </dl>
    </li>
  );
};

const FactItem: FC<{ fact: Fact }> = ({ fact }) => (
  <div class={fact.wide ? "wide" : undefined}>
    <dt>{fact.name}</dt>
    {fact.text !== "" && (
      <dd title={fact.title}>
        {fact.href !== undefined && /^https?:/.test(fact.href)
          ? <a href={fact.href} target="_blank" rel="noopener noreferrer">{fact.text}</a>
          : fact.text}
      </dd>
    )}
  </div>
);
