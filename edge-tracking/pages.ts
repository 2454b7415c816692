/** The pages people see: small, without scripts, cookies or anything from elsewhere. */
import type { Language } from "./language.ts";
import { type Fields, respond, UNSEEN } from "./responses.ts";

export type Page =
  | "ask"
  | "done"
  | "unmeasured"
  | "later"
  | "unclear"
  | "file-later"
  | "file-gone"
  | "not-found"
  | "disabled"
  | "away";

const STATUS: Record<Page, number> = {
  "ask": 200,
  "done": 200,
  "unmeasured": 200,
  "later": 503,
  "unclear": 400,
  "file-later": 503,
  "file-gone": 410,
  "not-found": 404,
  "disabled": 410,
  "away": 503,
};

interface Text {
  title: string;
  text: string;
}
/** `measuring`: the second choice, for who wants the messages but not to be measured. */
type Texts = Record<Page, Text> & { button: string; measuring: Text & { button: string } };

const TEXTS: Record<Language, Texts> = {
  en: {
    "button": "Unsubscribe",
    "measuring": {
      title: "Or only stop the measuring",
      text:
        "We record when messages are opened and which links are followed. You can end this and go on receiving them.",
      button: "Stop measuring my opens and clicks",
    },
    "ask": {
      title: "Unsubscribe",
      text: "Would you like to stop receiving these messages? Press the button to confirm.",
    },
    "done": {
      title: "You are unsubscribed",
      text: "Your request is recorded. You will not receive these messages any more.",
    },
    "unmeasured": {
      title: "You are not measured any more",
      text:
        "From now on nothing is recorded when you open our messages or follow their links, in those you already have either. You go on receiving them.",
    },
    "later": {
      title: "One moment, please",
      text: "We took your request but could not confirm it yet. Please try again in a minute.",
    },
    "unclear": {
      title: "Request not understood",
      text: "Nothing was changed. Please open the link in your message again.",
    },
    "file-later": {
      title: "One moment, please",
      text: "The document cannot be fetched just now. Please open the link again in a minute.",
    },
    "file-gone": {
      title: "Document no longer available",
      text: "It is not kept any more. Please ask the sender of the message for it.",
    },
    "not-found": {
      title: "Page not found",
      text: "This link is incomplete or no longer valid. Please open it from your message again.",
    },
    "away": {
      title: "Not available just now",
      text: "Please try again in a minute.",
    },
    "disabled": {
      title: "This link is disabled",
      text:
        "The links of this message no longer lead anywhere: they were turned off for your protection. You need do nothing.",
    },
  },
  fr: {
    "button": "Se désabonner",
    "measuring": {
      title: "Ou seulement arrêter la mesure",
      text:
        "Nous enregistrons l’ouverture des messages et les clics sur leurs liens. Vous pouvez y mettre fin et continuer à les recevoir.",
      button: "Ne plus mesurer mes ouvertures et mes clics",
    },
    "ask": {
      title: "Se désabonner",
      text:
        "Souhaitez-vous ne plus recevoir ces messages\u00a0? Appuyez sur le bouton pour confirmer.",
    },
    "done": {
      title: "Vous êtes désabonné",
      text: "Votre demande est enregistrée. Vous ne recevrez plus ces messages.",
    },
    "unmeasured": {
      title: "Vous n’êtes plus mesuré",
      text:
        "Désormais rien n’est enregistré quand vous ouvrez nos messages ou suivez leurs liens, y compris ceux déjà reçus. Vous continuez à les recevoir.",
    },
    "later": {
      title: "Un instant, s’il vous plaît",
      text:
        "Votre demande est reçue mais n’a pas encore pu être confirmée. Réessayez dans une minute.",
    },
    "unclear": {
      title: "Demande non comprise",
      text: "Rien n’a été modifié. Ouvrez de nouveau le lien de votre message.",
    },
    "file-later": {
      title: "Un instant, s’il vous plaît",
      text:
        "Le document n’est pas accessible pour le moment. Ouvrez de nouveau le lien dans une minute.",
    },
    "file-gone": {
      title: "Document plus disponible",
      text: "Il n’est plus conservé. Demandez-le à l’expéditeur du message.",
    },
    "not-found": {
      title: "Page introuvable",
      text:
        "Ce lien est incomplet ou n’est plus valide. Ouvrez-le de nouveau depuis votre message.",
    },
    "away": {
      title: "Momentanément indisponible",
      text: "Réessayez dans une minute.",
    },
    "disabled": {
      title: "Ce lien est désactivé",
      text:
        "Les liens de ce message ne mènent plus nulle part : ils ont été désactivés pour votre protection. Vous n’avez rien à faire.",
    },
  },
};

const STYLE = `
:root { color-scheme: light dark; --ink: #1c1d21; --paper: #f6f6f4; --card: #fff; --act: #1f4fd8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ececf1; --paper: #17181c; --card: #212329; --act: #8fb0ff; }
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem;
  background: var(--paper); color: var(--ink); font: 1.0625rem/1.5 system-ui, sans-serif; }
main { max-width: 30rem; padding: 2rem; border-radius: .75rem; background: var(--card); }
h1, h2 { margin: 0 0 .5rem; font-size: 1.375rem; line-height: 1.25; }
h2 { font-size: 1.0625rem; }
section { margin-top: 2rem; padding-top: 1.5rem; border-top: 1px solid; }
p { margin: 0; }
form { margin-top: 1.5rem; }
button { font: inherit; font-weight: 600; padding: .75rem 1.5rem; border: 0; border-radius: .5rem;
  background: var(--act); color: var(--card); cursor: pointer; }
section button { background: none; color: var(--act); box-shadow: inset 0 0 0 2px; }
button:focus-visible { outline: 3px solid var(--ink); outline-offset: 3px; }
`;

/** What the page's own forms send; a mail program sends `List-Unsubscribe=One-Click` instead. */
export const FORM = { name: "confirm", unsubscribe: "unsubscribe", measuring: "stop-measuring" };

const FIELDS: Fields = [
  ...UNSEEN,
  ["content-type", "text/html; charset=utf-8"],
  [
    "content-security-policy",
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  ],
  ["referrer-policy", "no-referrer"],
  ["vary", "accept-language"],
  ["x-robots-tag", "noindex, nofollow"],
];

/** A page, by its parts. */
export interface PageParts {
  status: number;
  fields: Fields;
  html: string;
}

export function pageParts(name: Page, language: Language): PageParts {
  const key = `${name} ${language}`;
  let made = MADE.get(key);
  if (made === undefined) {
    const status = STATUS[name];
    const later: Fields = status === 503 ? [["retry-after", "60"]] : [];
    const fields: Fields = [...FIELDS, ["content-language", language], ...later];
    MADE.set(key, made = { status, fields, html: html(name, language) });
  }
  return made;
}
const MADE = new Map<string, PageParts>();

export function page(name: Page, language: Language): Response {
  const { status, fields, html } = pageParts(name, language);
  return respond(html, fields, { status });
}

function html(name: Page, language: Language): string {
  const { button, measuring, [name]: { title, text } } = TEXTS[language];
  const choices = name !== "ask" ? "" : `
${form(FORM.unsubscribe, button)}
<section>
<h2>${measuring.title}</h2>
<p>${measuring.text}</p>
${form(FORM.measuring, measuring.button)}
</section>`;
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p${name === "ask" ? "" : ' role="status"'}>${text}</p>${choices}
</main>
</body>
</html>
`;
}

function form(value: string, button: string): string {
  return `<form method="post"><button name="${FORM.name}" value="${value}">${button}</button></form>`;
}
