// Bundles our own CSS and JS with the browser code named in package.json into
// static/dist: content-hashed, precompressed, listed in manifest.json.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, rmSync, mkdirSync, writeFileSync, renameSync } from "node:fs";
import { gzipSync, brotliCompressSync, constants } from "node:zlib";
import { basename, join } from "node:path";

const src = "static", tmp = "static/.dist.new", dist = "static/dist";
// Every icon a page names, and the marks of the platforms there are connectors
// for. A test compares this list with the pages.
const icons = [
  "arrow-left", "ban", "bell", "calendar-days", "chart-column", "check", "chevron-down", "chevron-left", "chevron-right", "circle-alert", "circle-check", "clock",
  "copy", "download", "external-link", "eye", "eye-off", "file-text", "fingerprint", "flag", "hand", "history", "house", "image", "inbox", "info", "landmark", "languages",
  "layers", "link", "list", "lock", "log-out", "mail", "menu", "message-square", "moon", "paperclip", "pause", "pencil", "phone", "plug", "plus", "refresh-cw",
  "reply", "rotate-ccw", "scale", "search", "send", "settings", "shield", "siren", "split", "stamp", "trash-2", "trending-up", "triangle-alert", "undo-2", "user",
  "users", "x",
];
const simple = n => `node_modules/simple-icons/icons/${n}.svg`;
const markFiles = {
  x: simple("x"), facebook: simple("facebook"), instagram: simple("instagram"), threads: simple("threads"), youtube: simple("youtube"),
  tiktok: simple("tiktok"), telegram: simple("telegram"), mastodon: simple("mastodon"), bluesky: simple("bluesky"), whatsapp: simple("whatsapp"),
  linkedin: `${src}/marks/linkedin.svg`, whatsapp_channel: simple("whatsapp"), youtube_community: simple("youtube"),
};
const marks = Object.keys(markFiles);

rmSync(tmp, { recursive: true, force: true });
mkdirSync(tmp, { recursive: true });

const out = await build({
  entryPoints: [{ in: `${src}/bundle.app.js`, out: "app" }, { in: `${src}/bundle.css`, out: "app" }, { in: `${src}/css/dark.css`, out: "dark" }],
  outdir: tmp, bundle: true, minify: true, format: "esm", target: "es2022", metafile: true,
  entryNames: "[name]-[hash]", assetNames: "[name]-[hash]", loader: { ".woff2": "file" },
  legalComments: "linked", logLevel: "warning",
});

const body = svg => svg.replace(/<!--.*?-->/gs, "").replace(/[\s\S]*?<svg[^>]*>/, "").replace("</svg>", "").replace(/<title>.*?<\/title>/, "").trim().replace(/\s+/g, " ");
const symbol = (id, attrs, file) => `<symbol id="${id}" viewBox="0 0 24 24" ${attrs}>${body(readFileSync(file, "utf8"))}</symbol>`;
const line = `fill="none" stroke="currentColor" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round"`;
const sprite = `<svg xmlns="http://www.w3.org/2000/svg">` +
  icons.map(n => symbol(`i-${n}`, line, `node_modules/lucide-static/icons/${n}.svg`)).join("") +
  marks.map(n => symbol(`p-${n}`, `fill="currentColor"`, markFiles[n])).join("") + `</svg>`;
const hash = createHash("sha256").update(sprite).digest("hex").slice(0, 8).toUpperCase();
writeFileSync(join(tmp, `icons-${hash}.svg`), sprite);

const files = { "icons.svg": `icons-${hash}.svg` };
for (const path of Object.keys(out.metafile.outputs)) {
  const name = basename(path);
  if (!name.endsWith(".LEGAL.txt")) files[name.replace(/-[A-Z0-9]{8}(\.\w+)$/, "$1")] = name;
}
for (const name of readdirSync(tmp)) {
  if (!/\.(js|css|svg)$/.test(name)) continue;
  const bytes = readFileSync(join(tmp, name));
  writeFileSync(join(tmp, name + ".gz"), gzipSync(bytes, { level: 9 }));
  writeFileSync(join(tmp, name + ".br"), brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
}

// The hash of everything that went in: a test says when the bundle is stale.
const inputs = createHash("sha256");
const own = ["css", "js"].flatMap(d => readdirSync(join(src, d)).map(n => `${src}/${d}/${n}`));
const tops = readdirSync(src, { withFileTypes: true }).filter(e => e.isFile()).map(e => `${src}/${e.name}`);
for (const f of ["package.json", "package-lock.json", "build.mjs", ...own, ...tops].sort()) inputs.update(f + "\0").update(readFileSync(f));
writeFileSync(join(tmp, "manifest.json"), JSON.stringify({ inputs: inputs.digest("hex"), icons, marks, files }, null, 1) + "\n");
rmSync(dist, { recursive: true, force: true });
renameSync(tmp, dist);
