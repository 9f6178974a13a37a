/** Look of panel, popup and options. The same colours as the button: see page/styles.ts. */
export const look = `
.aoh { --bg: #fff; --soft: #f4f5f8; --line: #d0d5de; --text: #1b1f29; --mute: #5a6376; --accent: #5a3fd6; --accent-strong: #4a30c0; --on-accent: #fff;
  --good: #116b35; --good-soft: #e6f5ec; --warn: #7a4a00; --warn-soft: #fdf1dc; --bad: #b3261e; --bad-soft: #fdecea; --shadow: 0 8px 40px rgba(20, 24, 40, .22);
  color-scheme: light; background: var(--bg); color: var(--text); font: 400 14px/20px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; text-align: start; }
.aoh[data-theme="dark"] { color-scheme: dark; --bg: #1b1e27; --soft: #262a36; --line: #434a5c; --text: #eceef4; --mute: #a9b1c3; --accent: #b3a1ff;
  --accent-strong: #c8bbff; --on-accent: #17122e; --good: #6fdc9a; --good-soft: #1d3429; --warn: #f3c372; --warn-soft: #3a2f1c; --bad: #ff9a91; --bad-soft: #3b2224;
  --shadow: 0 8px 40px rgba(0, 0, 0, .6); }
.aoh *, .aoh *::before, .aoh *::after { box-sizing: border-box; }
.aoh [hidden] { display: none !important; }
.aoh h1, .aoh h2, .aoh h3, .aoh p, .aoh ul, .aoh ol, .aoh dl, .aoh dd, .aoh fieldset { margin: 0; padding: 0; border: 0; min-width: 0; }
.aoh h1 { font-size: 18px; line-height: 24px; font-weight: 650; }
.aoh h2 { font-size: 14px; line-height: 20px; font-weight: 650; }
.aoh h3 { font-size: 14px; line-height: 20px; font-weight: 600; }
.aoh ul, .aoh ol { list-style: none; }
.aoh p, .aoh li, .aoh dd { overflow-wrap: anywhere; }
.aoh button, .aoh input, .aoh textarea, .aoh select { font: inherit; color: inherit; }
.aoh button, .aoh .button { appearance: none; display: inline-flex; align-items: center; justify-content: center; gap: 8px; min-height: 32px; padding: 4px 12px; border: 1px solid var(--line);
  border-radius: 6px; background: var(--bg); color: var(--text); font-weight: 500; cursor: pointer; text-decoration: none; white-space: nowrap; }
.aoh button:hover:not([disabled]) { background: var(--soft); }
.aoh button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.aoh button.primary:hover:not([disabled]) { background: var(--accent-strong); border-color: var(--accent-strong); }
.aoh button.quiet { border-color: transparent; background: transparent; color: var(--mute); padding: 4px 8px; }
.aoh button.danger { color: var(--bad); }
.aoh button[disabled] { opacity: .6; cursor: default; }
.aoh :focus { outline: none; }
.aoh :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.aoh a { color: var(--accent); text-underline-offset: 2px; }
.aoh input:not([type="checkbox"], [type="radio"]), .aoh textarea, .aoh select { width: 100%; min-height: 36px; padding: 7px 10px; border: 1px solid var(--line); border-radius: 8px; background: var(--bg); }
.aoh ::placeholder { color: var(--mute); opacity: 1; }
.aoh textarea { min-height: 80px; resize: vertical; display: block; }
.aoh input[type="checkbox"], .aoh input[type="radio"] { width: 16px; height: 16px; margin: 0; accent-color: var(--accent); flex: none; }
.aoh .stack { display: grid; gap: 16px; }
.aoh .close { display: grid; gap: 8px; }
.aoh form.close { gap: 12px; }
.aoh details[open] > form { margin-top: 12px; }
.aoh .tight { display: grid; gap: 4px; }
.aoh .stack, .aoh .close, .aoh .tight, .aoh .card, .aoh .field { grid-template-columns: minmax(0, 1fr); }
.aoh .row { display: flex; align-items: center; gap: 8px; flex-wrap: wrap; }
.aoh .row.nowrap { flex-wrap: nowrap; }
.aoh .grow { flex: 1; min-width: 0; }
.aoh .field { display: grid; gap: 4px; }
.aoh .field > span, .aoh .field > label { font-weight: 500; }
.aoh .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.aoh .mute { color: var(--mute); }
.aoh .small { font-size: 12px; line-height: 16px; }
.aoh .card { border: 1px solid var(--line); border-radius: 8px; padding: 16px; display: grid; gap: 12px; background: var(--bg); }
.aoh .chip { display: inline-flex; align-items: center; gap: 6px; padding: 2px 8px; border-radius: 12px; font-size: 12px; line-height: 16px; font-weight: 600; background: var(--soft); color: var(--mute); white-space: nowrap; }
.aoh .chip[data-tone="good"] { background: var(--good-soft); color: var(--good); }
.aoh .chip[data-tone="warn"] { background: var(--warn-soft); color: var(--warn); }
.aoh .chip[data-tone="bad"] { background: var(--bad-soft); color: var(--bad); }
.aoh .chip[data-tone="live"] { background: color-mix(in srgb, var(--accent) 14%, var(--bg)); color: var(--accent); }
.aoh .beat { width: 8px; height: 8px; border-radius: 50%; background: currentColor; animation: aoh-beat 1.6s ease-in-out infinite; }
@keyframes aoh-beat { 50% { opacity: .35; } }
@media (prefers-reduced-motion: reduce) { .aoh .beat { animation: none; } }
.aoh .notice { padding: 8px 12px; border-radius: 8px; background: var(--soft); }
.aoh .notice[data-tone="bad"] { background: var(--bad-soft); color: var(--bad); }
.aoh .notice[data-tone="warn"] { background: var(--warn-soft); color: var(--warn); }
.aoh .notice[data-tone="good"] { background: var(--good-soft); color: var(--good); }
.aoh .facts { display: grid; grid-template-columns: minmax(88px, auto) 1fr; gap: 4px 16px; }
.aoh .facts dt { color: var(--mute); }
.aoh .clip { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.aoh .steps li { display: flex; gap: 8px; color: var(--mute); font-size: 13px; }
.aoh .steps li::before { content: ""; flex: none; width: 6px; height: 6px; border-radius: 50%; background: var(--line); margin-top: 7px; }
.aoh .steps li[data-failed="true"] { color: var(--bad); }
.aoh .steps li[data-failed="true"]::before { background: var(--bad); }
.aoh hr { border: 0; border-top: 1px solid var(--line); margin: 0; }
.aoh .tabs { display: flex; gap: 4px; border-bottom: 1px solid var(--line); padding: 0 12px; }
.aoh .tabs button { border: 0; border-radius: 6px 6px 0 0; background: transparent; color: var(--mute); padding: 8px; border-bottom: 2px solid transparent; }
.aoh .tabs button[aria-selected="true"] { color: var(--text); border-bottom-color: var(--accent); }
.aoh .code { font: 600 22px/28px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; letter-spacing: .12em; }
.aoh details > summary { cursor: pointer; font-weight: 500; width: fit-content; }
.aoh.panel { position: fixed; inset: 8px 8px 8px auto; width: min(400px, calc(100vw - 16px)); height: auto; max-height: none; margin: 0; padding: 0; border: 1px solid var(--line); border-radius: 12px; box-shadow: var(--shadow); overflow: auto; }
.aoh.panel header, .aoh .popup > header { position: sticky; top: 0; z-index: 1; background: var(--bg); padding: 12px 16px; border-bottom: 1px solid var(--line); display: flex; gap: 8px; align-items: center; }
.aoh.panel .body { padding: 16px; }
.aoh .popup { width: 400px; min-height: 360px; margin: 0; }
.aoh .popup.wide { width: min(640px, 100%); margin: 0 auto; }
.aoh .popup > header { border-bottom: 0; }
.aoh .popup > .body { padding: 16px; }
.aoh .options { max-width: 760px; margin: 0 auto; padding: 32px 24px 64px; }
`;
