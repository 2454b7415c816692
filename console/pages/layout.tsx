/** What every page stands in. */
import { html } from "hono/html";
import type { FC, PropsWithChildren } from "hono/jsx";
import { LANGS } from "../i18n/mod.ts";
import { assetUrl } from "../web/assets.ts";
import type { View } from "../web/view.ts";
import { Logo } from "./logo.tsx";

type LayoutProps = PropsWithChildren<{
  view: View;
  title: string;
  /** Seconds between refreshes of the parts marked `data-region`; without it the page stays. */
  refresh?: number;
  class?: string;
}>;

/** A whole document. `children` become its main part. */
export function page(view: View, props: Omit<LayoutProps, "view">) {
  return html`<!DOCTYPE html>${<Document view={view} {...props} />}`;
}

const Document: FC<LayoutProps> = ({ view, title, refresh, children, class: className }) => (
  <html lang={view.lang} data-theme={view.theme ?? undefined} data-zone={view.zone}>
    <head>
      <meta charset="utf-8" />
      <title>{`${title} · Chappe`}</title>
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content={view.theme ?? "light dark"} />
      <link rel="icon" href={assetUrl("favicon.svg")} type="image/svg+xml" />
      <link rel="stylesheet" href={assetUrl("app.css")} />
      <script type="module" src={assetUrl("app.js")}></script>
    </head>
    <body>
      <a class="skip" href="#main">{view.t.nav.skip}</a>
      <Header view={view} />
      <main id="main" class={className} data-refresh={refresh?.toString()}>
        {children}
      </main>
    </body>
  </html>
);

const Header: FC<{ view: View }> = ({ view }) => {
  const { t, user, sandbox } = view;
  return (
    <header class="top">
      <a class="brand" href="/">
        <Logo />
        <span>Chappe</span>
      </a>
      {user !== null && (
        <nav class="main-nav" aria-label={t.nav.label}>
          <NavLink view={view} href="/" text={t.nav.overview} />
          <NavLink view={view} href="/messages" text={t.nav.messages} />
          <NavLink view={view} href="/analysis" text={t.nav.analysis} />
          {sandbox && <NavLink view={view} href="/mailbox" text={t.nav.mailbox} />}
        </nav>
      )}
      <div class="tools">
        {sandbox && user !== null && (
          <span class="badge" title={t.nav.sandboxHelp}>{t.nav.sandbox}</span>
        )}
        <LanguageSwitch view={view} />
        <button type="button" class="icon-button" data-theme-toggle aria-label={t.nav.theme}>
          <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
            <circle cx="10" cy="10" r="7" />
            <path class="half" d="M10 3a7 7 0 0 1 0 14z" />
          </svg>
        </button>
        {user !== null && (
          <form method="post" action="/logout" class="who">
            <span title={user.email}>{user.name}</span>
            <button type="submit" class="quiet" title={t.nav.signOut} aria-label={t.nav.signOut}>
              <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
                <path d="M8 3H4v14h4M9 10h8M14 6.500l3.500 3.500-3.500 3.500" />
              </svg>
            </button>
          </form>
        )}
      </div>
    </header>
  );
};

const NavLink: FC<{ view: View; href: string; text: string }> = ({ view, href, text }) => {
  const path = view.here.split("?")[0]!;
  const current = href === "/" ? path === "/" : path.startsWith(href);
  return <a href={href} aria-current={current ? "page" : undefined}>{text}</a>;
};

const LanguageSwitch: FC<{ view: View }> = ({ view }) => (
  <form
    method="post"
    action="/language"
    class="languages"
    role="group"
    aria-label={view.t.nav.language}
  >
    <input type="hidden" name="back" value={view.here} />
    {LANGS.map((lang) => (
      <button
        type="submit"
        name="lang"
        value={lang}
        lang={lang}
        class="quiet"
        aria-pressed={lang === view.lang ? "true" : "false"}
      >
        {lang.toUpperCase()}
      </button>
    ))}
  </form>
);
