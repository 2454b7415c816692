/** The login page. */
import type { View } from "../web/view.ts";
import { page } from "./layout.tsx";
import { Logo } from "./logo.tsx";

export function loginPage(
  view: View,
  { next, email = "", error }: { next: string; email?: string; error?: string },
) {
  const { t } = view;
  return page(view, {
    title: t.login.title,
    class: "login",
    children: (
      <form method="post" action="/login" class="card">
        <Logo />
        <h1>{t.login.title}</h1>
        <p class="lead">{t.login.lead}</p>
        {error !== undefined && <p class="alert" role="alert">{error}</p>}
        <input type="hidden" name="next" value={next} />
        <label>
          {t.login.email}
          <input
            type="email"
            name="email"
            value={email}
            autocomplete="username"
            required
            maxlength={254}
            autofocus={email === ""}
          />
        </label>
        <label>
          {t.login.password}
          <input
            type="password"
            name="password"
            autocomplete="current-password"
            required
            maxlength={1024}
            autofocus={email !== ""}
          />
        </label>
        <button type="submit" class="primary">{t.login.submit}</button>
      </form>
    ),
  });
}
