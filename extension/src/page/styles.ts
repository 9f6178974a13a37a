/** Look of everything we show inside a page; the host element carries `data-theme`. System font, 8 px grid. */
export const styles = `
:host { all: initial; display: inline-flex; vertical-align: middle; margin: 0 8px; position: relative; flex: none; align-self: center;
  --bg: #fff; --soft: #f4f5f8; --line: #d0d5de; --text: #1b1f29; --mute: #5a6376; --accent: #5a3fd6; --accent-strong: #4a30c0; --on-accent: #fff;
  --tint: #f2effd; --tint-strong: #e4ddfb; --tint-line: #c9bff2; --tint-text: #4a30c0;
  --good: #116b35; --bad: #b3261e; --bad-soft: #fdecea; --shadow: 0 8px 32px rgba(20, 24, 40, .18), 0 1px 4px rgba(20, 24, 40, .12);
  color-scheme: light; font: 400 14px/20px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; color: var(--text); text-align: left; }
:host([data-theme="dark"]) { color-scheme: dark; --bg: #1b1e27; --soft: #262a36; --line: #434a5c; --text: #eceef4; --mute: #a9b1c3;
  --accent: #b3a1ff; --accent-strong: #c8bbff; --on-accent: #17122e;
  --tint: #2a2541; --tint-strong: #383058; --tint-line: #594e88; --tint-text: #d0c6ff; --good: #6fdc9a; --bad: #ff9a91; --bad-soft: #3b2224;
  --shadow: 0 8px 32px rgba(0, 0, 0, .6), 0 0 0 1px rgba(255, 255, 255, .06); }
:host([data-anchor="floating"]) { position: fixed; right: 24px; bottom: 24px; margin: 0; z-index: 2147483000; border-radius: 8px; box-shadow: var(--shadow); }
:host([data-spaced]) { margin: 0; }
@media print { :host { display: none; } }
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
button, textarea, a { font: inherit; color: inherit; }
.split { display: inline-flex; }
button { appearance: none; border: 1px solid var(--line); background: var(--bg); border-radius: 6px; height: 32px; padding: 0 12px; cursor: pointer;
  display: inline-flex; align-items: center; justify-content: center; gap: 8px; font-weight: 500; white-space: nowrap; }
button:hover { background: var(--soft); }
button[disabled] { cursor: default; opacity: .6; }
.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.primary:hover { background: var(--accent-strong); border-color: var(--accent-strong); }
.main, .more { height: var(--height, 32px); border-radius: var(--radius, 6px); background: var(--tint); border-color: var(--tint-line); color: var(--tint-text); }
.main:hover, .more:hover, .main[aria-expanded="true"], .more[aria-expanded="true"] { background: var(--tint-strong); }
.main { border-start-end-radius: 0; border-end-end-radius: 0; }
.more { border-start-start-radius: 0; border-end-start-radius: 0; padding: 0 7px; border-inline-start: 0; }
:host([data-small]) .main, :host([data-small]) .more { height: 24px; font-size: 12px; line-height: 16px; gap: 6px; padding: 0 8px; }
:host([data-small]) .more { padding: 0 4px; }
:host([data-anchor="floating"]) .main, :host([data-anchor="floating"]) .more { height: 40px; background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
:host([data-anchor="floating"]) .main:hover, :host([data-anchor="floating"]) .more:hover { background: var(--accent-strong); }
:host([data-anchor="floating"]) .more { border-inline-start: 1px solid color-mix(in srgb, var(--on-accent) 35%, transparent); }
button.row { width: 24px; height: 24px; padding: 0; border-color: transparent; background: transparent; color: var(--accent); }
button.row:hover, button.row[aria-expanded="true"] { background: var(--soft); border-color: var(--line); }
:host([data-anchor="box"]) { position: fixed; margin: 0; }
.quiet { border-color: transparent; background: transparent; padding: 0 8px; color: var(--mute); }
.bare { width: 32px; padding: 0; }
:focus { outline: none; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.main:focus-visible, .more:focus-visible { z-index: 1; }
.icon { fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; flex: none; }
.live { width: 8px; height: 8px; border-radius: 50%; background: currentColor; animation: beat 1.6s ease-in-out infinite; }
@keyframes beat { 50% { opacity: .35; } }
@media (prefers-reduced-motion: reduce) { .live { animation: none; } }
[popover] { inset: auto; margin: 0; padding: 0; border: 1px solid var(--line); border-radius: 12px; background: var(--bg); color: var(--text);
  box-shadow: var(--shadow); font: inherit; text-align: start; white-space: normal; overflow: auto; max-height: min(640px, 90vh); }
.menu { padding: 8px; width: fit-content; min-width: 240px; max-width: min(360px, calc(100vw - 16px)); }
.menu .heading { padding: 4px 8px; font-size: 12px; line-height: 16px; font-weight: 600; color: var(--mute); }
.menu button { display: flex; width: 100%; border-color: transparent; background: transparent; justify-content: flex-start; padding: 0 8px; font-weight: 400; }
.menu button:hover, .menu button:focus-visible { background: var(--soft); }
.menu button:focus-visible { outline-offset: -2px; }
.menu hr { border: 0; border-top: 1px solid var(--line); margin: 8px 0; }
.composer { width: min(440px, calc(100vw - 32px)); }
.composer form, .composer .done { padding: 16px; display: grid; gap: 12px; }
.head { display: flex; align-items: center; gap: 8px; }
.head h2 { font-size: 16px; line-height: 24px; font-weight: 600; margin: 0; flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.place { color: var(--mute); font-weight: 400; }
label.field { display: grid; gap: 4px; font-weight: 500; }
textarea { width: 100%; min-height: 88px; max-height: 40vh; resize: vertical; padding: 8px; border: 1px solid var(--line); border-radius: 8px; background: var(--bg); font-weight: 400; }
textarea:focus-visible { outline-offset: 0; }
fieldset { border: 0; margin: 0; padding: 0; display: grid; gap: 4px; min-width: 0; }
legend { padding: 0; font-weight: 500; margin-bottom: 4px; }
.check { display: flex; gap: 8px; align-items: center; }
.check input { accent-color: var(--accent); width: 16px; height: 16px; margin: 0; flex: none; }
.check span { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
details summary { cursor: pointer; color: var(--mute); width: fit-content; border-radius: 4px; }
pre { margin: 8px 0 0; padding: 8px; background: var(--soft); border-radius: 8px; font: 12px/16px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
  white-space: pre-wrap; overflow-wrap: anywhere; max-height: 200px; overflow: auto; }
.foot { display: flex; gap: 8px; align-items: center; justify-content: flex-end; }
.foot .goes { flex: 1; }
.small, .goes { font-size: 12px; line-height: 16px; color: var(--mute); margin: 0; overflow-wrap: anywhere; }
p { margin: 0; overflow-wrap: anywhere; }
.problem { background: var(--bad-soft); color: var(--bad); padding: 8px 12px; border-radius: 8px; }
.problem:empty { display: none; }
.state { display: flex; gap: 8px; align-items: center; font-weight: 600; }
.state[data-state="done"] { color: var(--good); }
.state[data-state="failed"] { color: var(--bad); }
a { color: var(--accent); text-underline-offset: 2px; border-radius: 2px; }
.links { display: flex; flex-wrap: wrap; gap: 8px 16px; }
`;
