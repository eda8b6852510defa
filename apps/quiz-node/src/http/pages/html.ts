/** HTML of the few plain pages: one look for all, nothing loaded from elsewhere. */
import type { RouteAnswer } from '../route.js';

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const style = `
:root { color-scheme: light dark; --ink: #1c2130; --soft: #5b6478; --paper: #fbfaf7; --card: #fff; --line: #e3e0d8; --accent: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #eceef4; --soft: #a3abbd; --paper: #14171f; --card: #1c202b; --line: #2c3240; --accent: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 17px/1.6 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 3rem 1.25rem 4rem; }
h1 { font-size: 2.2rem; line-height: 1.15; margin: 0 0 .4rem; letter-spacing: -.02em; }
h1::before { content: ""; display: block; width: 3rem; height: .35rem; border-radius: 1rem; background: var(--accent); margin-bottom: 1.2rem; }
h2 { font-size: 1.15rem; margin: 2.4rem 0 .6rem; }
p.lead { color: var(--soft); font-size: 1.15rem; margin: 0 0 1.5rem; }
a { color: var(--accent); text-underline-offset: .15em; }
pre { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .9rem 1rem; overflow-x: auto; font: 13.5px/1.55 ui-monospace, monospace; }
code { font-family: ui-monospace, monospace; font-size: .92em; }
ul.links { list-style: none; margin: 0; padding: 0; display: grid; gap: .6rem; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); }
ul.links a { display: block; height: 100%; padding: .8rem 1rem; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; text-decoration: none; color: inherit; }
ul.links a:hover, ul.links a:focus-visible { border-color: var(--accent); }
ul.links b { display: block; color: var(--accent); }
.code { font: 700 2.6rem/1.2 ui-monospace, monospace; letter-spacing: .06em; }
`;

/** @param body HTML: what comes from a request in it has to be escaped. */
export function page(title: string, body: string): RouteAnswer {
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body><main>
${body}
</main></body>
</html>
`;
  return {
    status: 200,
    body: html,
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:" },
  };
}
