/** The mail that benches send. */

/** A newsletter of about `bytes` bytes: text/html with a link in every paragraph. */
export function newsletter(bytes: number): string {
  const head = [
    "From: News <news@example.com>",
    "To: reader@example.net",
    "Subject: What is new this week",
    "MIME-Version: 1.0",
    "Content-Type: text/html; charset=utf-8",
    "",
    "<!doctype html><html><head><title>News</title></head><body>",
    "",
  ].join("\r\n");
  let text = head;
  for (let i = 1; text.length < bytes - 40; i++) {
    text += `<h2>Story ${i}</h2>\r\n` +
      "<p>The first lines of a story, long enough to look like one, with words that mean little " +
      "but take their place in the paragraph as words of a story do.</p>\r\n" +
      `<p><a href="https://www.example.com/stories/${i}?utm_source=news&amp;utm_medium=email">` +
      `Read story ${i}</a></p>\r\n`;
  }
  return text + "</body></html>\r\n";
}

/** A message of about 10 KB whose HTML has that many links and little else. */
export function manyLinks(links: number): string {
  const rows = Array.from(
    { length: links },
    (_, i) =>
      `<tr><td class="item"><a href="https://www.example.com/p/${1000 + i}?utm_source=news&amp;` +
      `utm_medium=email">Story ${i}</a></td></tr>\r\n`,
  );
  return newsletter(0).replace("</body>", `<table>\r\n${rows.join("")}</table>\r\n</body>`);
}
