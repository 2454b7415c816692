/** Textes français du choix des adresses. */
import type { RoutingTexts } from "./en_routing.ts";

export const routing: RoutingTexts = {
  why: {
    "shared-pool": "le compte envoie depuis le groupe d'adresses mutualisées",
    "own-pool": "l'adresse du compte qui a le moins servi",
    "warm-up": "une adresse du compte, dans la limite de son rodage",
    "overflow": "le groupe de débordement, aucune adresse du compte n'étant libre",
    "switched-pool": "un groupe qui en remplace un autre chez ce fournisseur",
    "no-address-free": "aucune adresse n'était libre",
    "no-servers": "aucun serveur destinataire trouvé",
  },
  looked: {
    addresses: "adresses libres",
    day: "jour du rodage",
    sentThisHour: "envoyés dans l'heure",
    hour: "permis dans l'heure",
    instead: "au lieu de",
  },
  against: {
    day: (day) => `la limite du jour ${day} du rodage était atteinte`,
    paused: (reason) => `en pause (${reason})`,
    pauses: {
      "by-hand": "à la main",
      "complaints-1h": "plaintes en une heure",
      "bounces-15m": "rebonds en 15 minutes",
      "bounces-at-provider-15m": "rebonds chez ce fournisseur en 15 minutes",
    },
    listed: (list) => `sur la liste noire ${list}`,
    suspended: (reason) => `suspendue chez ce fournisseur (${reason})`,
    pace: "occupée au rythme de ce fournisseur",
    until: (time) => `jusqu'au ${time}`,
  },
};
