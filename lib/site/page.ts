/**
 * The policy of the page: scripts and styles of its own files alone, no inline script or style, and
 * nothing from another host. `blob:` is the worker of a page that was opened from a folder.
 */
export const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The only page. The live server writes `live` in place of `published`. */
export const INDEX_HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="lab-book" content="published">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>Network Labs</title>
<link rel="icon" href="icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="book.css">
<script defer src="catalogue.js"></script>
<script defer src="page.js"></script>
</head>
<body>
<div id="book"></div>
<noscript><p>The lab book runs in the browser: turn JavaScript on, or read the folder labs of the project.</p></noscript>
</body>
</html>
`;

/** A box with a line through both of its borders: a flow. */
export const ICON_SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><rect x="1" y="1" width="18" height="18" rx="4" fill="#fff" stroke="#16191d" stroke-width="2"/><path d="M5 10h10" stroke="#4a49cf" stroke-width="2"/><circle cx="5.5" cy="10" r="2" fill="#4a49cf"/><path d="M12 6.5 16 10l-4 3.5z" fill="#4a49cf"/></svg>
`;
