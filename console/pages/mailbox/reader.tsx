/** One mail, as HTML, text, headers or source. */
import type { FC } from "hono/jsx";
import { SANDBOX } from "../../mail/frame.ts";
import type { MailFile, ReadMail } from "../../mail/read.ts";
import type { View } from "../../web/view.ts";
import { Time } from "../parts.tsx";

export const READER_VIEWS = ["html", "text", "headers", "source"] as const;
export type ReaderView = typeof READER_VIEWS[number];

export interface Opened {
  seq: number;
  /** When it was received, ms UTC. */
  at: number;
  raw: Uint8Array;
  /** Null when it cannot be parsed. */
  mail: ReadMail | null;
}

type ReaderProps = { view: View; opened: Opened; show: ReaderView };

export const Reader: FC<ReaderProps> = ({ view, opened, show }) => {
  const { t } = view;
  const { seq, mail, at } = opened;
  const shown = mail === null ? "source" : show;
  return (
    <article class="card reader">
      <a class="back" href="/mailbox">{t.mailbox.back}</a>
      <h2>{mail?.subject || t.messages.noSubject}</h2>
      <dl class="facts">
        {mail !== null && (
          <>
            <Line name={t.mailbox.from} text={mail.from} />
            <Line name={t.mailbox.to} text={mail.to} />
            <Line name={t.mailbox.cc} text={mail.cc} />
          </>
        )}
        <div>
          <dt>{t.mailbox.date}</dt>
          <dd>
            <Time view={view} at={at} />
          </dd>
        </div>
      </dl>
      {mail === null
        ? <p class="alert">{t.mailbox.unreadable}</p>
        : (
          <nav class="segments" aria-label={t.mailbox.views}>
            {READER_VIEWS.map((choice) => (
              <a
                href={`/mailbox/${seq}?view=${choice}`}
                aria-current={choice === shown ? "true" : undefined}
              >
                {t.mailbox.view[choice]}
              </a>
            ))}
          </nav>
        )}
      <Content view={view} opened={opened} show={shown} />
      {mail !== null && mail.attachments.some((file) => !file.embedded) && (
        <Attachments view={view} seq={seq} files={mail.attachments} />
      )}
      <p>
        <a class="button" href={`/mailbox/${seq}/source`}>{t.mailbox.download}</a>
      </p>
    </article>
  );
};

const Line: FC<{ name: string; text: string }> = ({ name, text }) =>
  text === "" ? null : (
    <div>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </div>
  );

const Content: FC<ReaderProps> = ({ view, opened: { seq, mail, raw }, show }) => {
  const { t } = view;
  if (mail === null || show === "source") return <pre>{new TextDecoder().decode(raw)}</pre>;
  if (show === "headers") {
    return (
      <dl class="headers">
        {mail.headers.map(({ name, value }) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    );
  }
  if (show === "text") {
    return mail.text === null
      ? <p class="none">{t.mailbox.noText}</p>
      : <pre class="text"><LinkedText text={mail.text} /></pre>;
  }
  return mail.html === null ? <p class="none">{t.mailbox.noHtml}</p> : (
    <iframe
      src={`/mailbox/${seq}/html`}
      title={t.mailbox.frame}
      sandbox={SANDBOX.working}
      referrerpolicy="no-referrer"
    >
    </iframe>
  );
};

const LinkedText: FC<{ text: string }> = ({ text }) => (
  <>
    {text.split(/(https?:\/\/[^\s<>"]+)/).map((piece, i) =>
      i % 2 === 0 ? piece : <a href={piece} target="_blank" rel="noopener noreferrer">{piece}</a>
    )}
  </>
);

const Attachments: FC<{ view: View; seq: number; files: MailFile[] }> = ({ view, seq, files }) => (
  <section class="attachments" aria-labelledby="attachments-title">
    <h3 id="attachments-title">{view.t.mailbox.attachments}</h3>
    <ul>
      {files.map((file, i) =>
        file.embedded ? null : (
          <li>
            <a href={`/mailbox/${seq}/attachments/${i}`} download>
              <strong>{file.name || view.t.mailbox.unnamed}</strong>
              <span>{`${file.type}, ${view.format.size(file.content.length)}`}</span>
            </a>
          </li>
        )
      )}
    </ul>
  </section>
);
