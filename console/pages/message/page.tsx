/** One message: what it is, what became of each copy, what it looks like. */
import type { MessageDetail } from "@chappe/analytics";
import type { FC } from "hono/jsx";
import { SANDBOX } from "../../mail/frame.ts";
import type { View } from "../../web/view.ts";
import { Export, gridPath } from "../export.tsx";
import { heatPath } from "../heat/page.tsx";
import { page } from "../layout.tsx";
import { Time } from "../parts.tsx";
import { Recipient } from "./timeline.tsx";

/** More recipients than this start folded. */
const UNFOLDED = 3;

type MessageProps = {
  view: View;
  detail: MessageDetail;
  /** Recipient index that the reader came for. */
  chosen: number | null;
};

export function messagePage({ view, detail, chosen }: MessageProps) {
  const { t } = view;
  const { recipients } = detail;
  const title = detail.subject || t.messages.noSubject;
  const few = recipients.length <= UNFOLDED;
  return page(view, {
    title,
    refresh: 3,
    class: "message",
    children: (
      <>
        <header class="page-head">
          <h1>{title}</h1>
          <p class="ways">
            <a class="button" href={heatPath({ message: detail.id })}>{t.heat.link}</a>
            <a class="button" href={`/messages/${detail.id}/source`}>{t.message.source}</a>
          </p>
        </header>
        <Facts view={view} detail={detail} />
        <section
          class="card recipients"
          aria-labelledby="recipients-title"
          data-region="recipients"
        >
          <header>
            <h2 id="recipients-title">{t.message.recipients}</h2>
            <span>{t.message.recipientCount(recipients.length)}</span>
            {(["recipients", "hits"] as const).map((grid) => (
              <Export
                view={view}
                what={t.message[grid]}
                path={(file) => gridPath(grid, { message: detail.id, ...file })}
              />
            ))}
          </header>
          {recipients.map((recipient) => (
            <Recipient
              view={view}
              recipient={recipient}
              open={few || recipient.rcpt === chosen}
            />
          ))}
        </section>
        <section class="card preview" aria-labelledby="preview-title">
          <header>
            <h2 id="preview-title">{t.message.preview}</h2>
            <span>{t.message.previewNote}</span>
          </header>
          <iframe
            src={`/messages/${detail.id}/preview`}
            title={t.message.preview}
            sandbox={SANDBOX.quiet}
            referrerpolicy="no-referrer"
          >
          </iframe>
        </section>
      </>
    ),
  });
}

const Facts: FC<{ view: View; detail: MessageDetail }> = ({ view, detail }) => {
  const { t, format } = view;
  const references = Object.entries(detail.references).filter(([, value]) => value !== null);
  return (
    <section class="card" aria-label={t.message.facts}>
      <dl class="facts head">
        <div>
          <dt>{t.column.sender}</dt>
          <dd>{detail.sender}</dd>
        </div>
        <div>
          <dt>{t.message.sent}</dt>
          <dd>
            <Time view={view} at={detail.sentAt} />
          </dd>
        </div>
        <div>
          <dt>{t.message.size}</dt>
          <dd>{format.size(detail.size)}</dd>
        </div>
        <div>
          <dt>{t.column.id}</dt>
          <dd class="code">{detail.id}</dd>
        </div>
        <div>
          <dt>{t.message.messageId}</dt>
          <dd class="code">{detail.messageId}</dd>
        </div>
        {detail.files.length > 0 && (
          <div>
            <dt>{t.message.files}</dt>
            {detail.files.map(({ name, size, downloads }) => (
              <dd>
                {`${name} (${format.size(size)}, ${t.message.downloads(downloads)})`}
              </dd>
            ))}
          </div>
        )}
        {references.map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
};
