/** What a browser sees when something cannot be shown. */
import type { View } from "../web/view.ts";
import { page } from "./layout.tsx";
import { Logo } from "./logo.tsx";

export function errorPage(view: View, status: number, detail: string) {
  const { title, lead } = words(view, status, detail);
  return page(view, {
    title,
    children: (
      <div class="empty">
        <Logo />
        <p class="error-code">{status}</p>
        <h1>{title}</h1>
        <p>{lead}</p>
        <p>
          <a class="button" href="/">{view.t.error.home}</a>
        </p>
      </div>
    ),
  });
}

function words({ t: { error, message } }: View, status: number, detail: string) {
  switch (status) {
    case 403:
      return { title: error.forbidden, lead: error.forbiddenLead };
    case 404:
      return { title: error.notFound, lead: error.notFoundLead };
    case 410:
      return { title: error.notFound, lead: message.gone };
    case 413:
      return { title: error.tooLarge, lead: detail };
    case 500:
      return { title: error.internal, lead: error.internalLead };
    case 503:
      return { title: error.unavailable, lead: error.unavailableLead };
    default:
      return { title: error.invalid, lead: detail };
  }
}
