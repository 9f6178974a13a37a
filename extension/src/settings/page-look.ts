/** Look of the settings page, on top of the colours and parts that it shares with the extension (`ui/look.ts`). */
export const pageLook = `
html { background: var(--ground); --ground: #f6f7f9; scroll-padding: 24px; }
html[data-theme="dark"] { --ground: #14161d; }
@media (prefers-color-scheme: dark) { html:not([data-theme]) { background: #14161d; } }
body { margin: 0; }
.aoh { background: var(--ground); }
.aoh h1 { font-size: 24px; line-height: 32px; letter-spacing: -.01em; }
.aoh h2 { font-size: 16px; line-height: 24px; }
.aoh h4 { margin: 0; font-size: 13px; line-height: 20px; font-weight: 650; }
.aoh code, .aoh .mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 13px; }
.aoh code { background: color-mix(in srgb, var(--soft) 80%, var(--line)); padding: 1px 5px; border-radius: 4px; overflow-wrap: anywhere; }
.aoh .icon { fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; flex: none; }
.aoh .sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.aoh .skip { position: absolute; inset-inline-start: 16px; top: -64px; z-index: 9; background: var(--bg); padding: 8px 16px; border-radius: 8px; }
.aoh .skip:focus { top: 16px; }

.aoh .shell { display: grid; grid-template-columns: 248px minmax(0, 1fr); min-height: 100vh; }
.aoh .side { position: sticky; top: 0; height: 100vh; overflow-y: auto; background: var(--bg); border-inline-end: 1px solid var(--line); padding: 20px 16px; display: flex; flex-direction: column; gap: 16px; }
.aoh .side .menu { flex: 1; display: flex; flex-direction: column; gap: 16px; }
.aoh .side .menu > p { padding: 0 8px; }
.aoh .side nav { flex: 1; }
.aoh .side nav ul { display: grid; gap: 2px; }
.aoh .side nav a { display: flex; align-items: center; gap: 12px; padding: 8px; border-radius: 8px; color: var(--text); text-decoration: none; }
.aoh .side nav a .icon { color: var(--mute); }
.aoh .side nav a:hover { background: var(--soft); }
.aoh .side nav a[aria-current="page"] { background: color-mix(in srgb, var(--accent) 12%, var(--bg)); color: var(--accent); font-weight: 600; }
.aoh .side nav a[aria-current="page"] .icon { color: inherit; }
.aoh .side-foot { border-top: 1px solid var(--line); padding-top: 16px; }
.aoh .menu-button { display: none; }
.aoh .brand { display: flex; align-items: center; gap: 10px; color: var(--text); font-weight: 650; font-size: 15px; text-decoration: none; padding: 0 4px; }
.aoh .tile { display: grid; place-items: center; width: 28px; height: 28px; border-radius: 8px; background: #5a3fd6; color: #fff; flex: none; }
.aoh main#content { width: 100%; max-width: 960px; padding: 40px 48px 96px; outline: none; }
.aoh .page-head { display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-start; margin-bottom: 24px; }
.aoh .page-head h1:focus-visible { outline: none; }
.aoh .back { display: inline-flex; align-items: center; gap: 4px; min-height: 32px; }
.aoh .line { display: flex; gap: 8px; align-items: center; }
.aoh .dot { width: 8px; height: 8px; border-radius: 50%; background: var(--line); flex: none; }
.aoh .dot.on { background: var(--good); }

.aoh .chip { width: fit-content; }
.aoh .roomy { gap: 32px; }
.aoh .card { border-radius: 12px; padding: 20px; gap: 16px; }
.aoh .card.flush { padding: 4px 0; }
.aoh .row.top { align-items: flex-start; }
.aoh .row.bottom { align-items: flex-end; }
.aoh .row.end { justify-content: flex-end; }
.aoh .row.more { justify-content: center; padding-top: 8px; }
.aoh .row.sticky { position: sticky; bottom: 0; background: var(--bg); padding: 12px 0 4px; border-top: 1px solid var(--line); }
.aoh .bare { width: 32px; padding: 0; }
.aoh button.danger.solid { background: var(--bad); border-color: var(--bad); color: var(--bg); }
.aoh button.danger.solid:hover:not([disabled]) { background: color-mix(in srgb, var(--bad) 88%, var(--text)); }
.aoh select { height: 36px; }
.aoh select.fit { width: auto; }
.aoh .setting .field > :is(input:not([type="checkbox"]), select) { max-width: 560px; }
.aoh input[aria-invalid="true"], .aoh textarea[aria-invalid="true"], .aoh select[aria-invalid="true"] { border-color: var(--bad); }
.aoh input:not([type="checkbox"], [type="radio"]):hover, .aoh textarea:hover, .aoh select:hover { border-color: var(--mute); }
.aoh ::placeholder { color: var(--mute); opacity: .85; }
.aoh .wrong { color: var(--bad); }
.aoh .wrong:empty { display: none; }
.aoh .field > label { font-weight: 500; }
.aoh .fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(280px, 100%), 1fr)); gap: 16px 24px; align-items: start; }
.aoh .fields.three { grid-template-columns: repeat(auto-fit, minmax(min(160px, 100%), 1fr)); }
.aoh details[open] > summary ~ * { margin-top: 12px; }
.aoh details > summary { border-radius: 4px; }
.aoh .map legend { font-weight: 500; padding: 0; }
.aoh .map { display: grid; gap: 6px; }
.aoh .fields > .map { grid-column: 1 / -1; }
.aoh .map-rows { display: grid; gap: 8px; }
.aoh .map-row { display: grid; grid-template-columns: minmax(96px, 1fr) auto minmax(160px, 3fr) auto; gap: 8px; align-items: start; }
.aoh .map-row > .icon { margin-top: 10px; color: var(--mute); }
.aoh .map-row > button { min-height: 36px; }
.aoh .choices { z-index: 60; max-height: min(320px, var(--popover-available-height, 320px)); overflow: auto; background: var(--bg); border: 1px solid var(--line); border-radius: 8px; box-shadow: var(--shadow); padding: 4px; }
.aoh .choices > p { padding: 6px 8px; }
.aoh .choices > p:empty { display: none; }
.aoh .choice { display: flex; gap: 8px; align-items: center; padding: 6px 8px; border-radius: 6px; cursor: pointer; overflow-wrap: anywhere; }
.aoh .choice[data-active-item] { background: color-mix(in srgb, var(--accent) 14%, var(--bg)); outline: 1px solid var(--accent); outline-offset: -1px; }
.aoh .wide-buttons button { width: 100%; min-height: 40px; }

.aoh .tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(360px, 100%), 1fr)); gap: 12px; }
.aoh .tile-card { position: relative; display: flex; align-items: center; gap: 12px; padding: 16px; border: 1px solid var(--line); border-radius: 12px; background: var(--bg); transition: border-color .12s, box-shadow .12s; }
.aoh .tile-card:hover { border-color: var(--accent); box-shadow: 0 2px 12px rgba(20, 24, 40, .06); }
.aoh .tile-card h3 a { color: inherit; text-decoration: none; }
.aoh .tile-card h3 a::after { content: ""; position: absolute; inset: 0; border-radius: 12px; }
.aoh .tile-card h3 a:focus-visible { outline: none; }
.aoh .tile-card h3 a:focus-visible::after { outline: 2px solid var(--accent); outline-offset: 2px; }
.aoh .tile-card > .icon { color: var(--mute); }
.aoh .monogram { display: grid; place-items: center; width: 40px; height: 40px; border-radius: 10px; background: var(--soft); color: var(--mute); font-weight: 700; font-size: 13px; letter-spacing: .02em; flex: none; }
.aoh .tile-card[data-connected="true"] .monogram { background: color-mix(in srgb, var(--accent) 14%, var(--bg)); color: var(--accent); }

.aoh .steps-card { background: color-mix(in srgb, var(--accent) 5%, var(--bg)); border-color: color-mix(in srgb, var(--accent) 30%, var(--line)); }
.aoh .steps-card ol { display: grid; gap: 10px; }
.aoh .steps-card li { display: flex; gap: 12px; align-items: center; }
.aoh .steps-card li[data-done="true"] { color: var(--mute); }
.aoh .step-mark { display: inline-grid; place-items: center; width: 20px; height: 20px; border-radius: 50%; border: 1.5px solid var(--mute); flex: none; color: var(--on-accent); }
.aoh [data-done="true"] > .step-mark, .aoh [data-state="done"] > .step-mark { background: var(--accent); border-color: var(--accent); }
.aoh [data-state="doing"] > .step-mark { border-color: var(--accent); box-shadow: inset 0 0 0 4px var(--bg), inset 0 0 0 12px var(--accent); }
.aoh .tasks li { display: flex; gap: 8px; align-items: flex-start; }
.aoh .tasks .step-mark { width: 16px; height: 16px; margin-top: 2px; }
.aoh .tasks [data-state="done"] { color: var(--mute); }

.aoh .facts.wide { grid-template-columns: repeat(auto-fill, minmax(min(200px, 42%), 1fr)); gap: 12px 24px; }
.aoh .facts.wide dt { font-size: 12px; line-height: 16px; }
.aoh .scopes { max-width: 640px; }
.aoh .notes { border-inline-start: 2px solid var(--line); padding-inline-start: 12px; }
.aoh .kinds { display: flex; flex-wrap: wrap; gap: 8px; }
.aoh .kind { display: flex; align-items: center; gap: 8px; padding: 8px 12px; border: 1px solid var(--line); border-radius: 8px; cursor: pointer; }
.aoh .kind:has(:checked) { border-color: var(--accent); background: color-mix(in srgb, var(--accent) 8%, var(--bg)); }
.aoh .kind:has(:focus-visible) { outline: 2px solid var(--accent); outline-offset: 2px; }
.aoh .kind input:focus-visible { outline: none; }

.aoh .lines { display: grid; }
.aoh .lines > li { padding: 12px 0; border-top: 1px solid var(--line); }
.aoh .lines > li:first-child { border-top: 0; padding-top: 0; }
.aoh .lines > li:last-child { padding-bottom: 0; }
.aoh .line-item { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: center; }
.aoh .line-item > .grow { min-width: min(240px, 100%); }

.aoh .table-frame { overflow-x: auto; }
.aoh .table { width: 100%; border-collapse: collapse; font-size: 14px; }
.aoh .table th, .aoh .table td { text-align: start; vertical-align: top; padding: 10px 12px; border-top: 1px solid var(--line); font-weight: 400; overflow-wrap: anywhere; }
.aoh .table thead th { border-top: 0; color: var(--mute); font-size: 12px; font-weight: 600; white-space: nowrap; }
.aoh .table tbody th { font-weight: 500; min-width: 120px; }
.aoh .card > section .table th:first-child, .aoh .card > section .table td:first-child { padding-inline-start: 0; }

.aoh .empty { display: grid; justify-items: center; gap: 8px; text-align: center; padding: 32px 16px; border: 1px dashed var(--line); border-radius: 12px; }
.aoh .empty > .icon { color: var(--mute); }
.aoh .card .empty { padding: 20px 16px; }
.aoh .skeleton { display: grid; gap: 12px; padding: 8px 0; }
.aoh .skeleton span { height: 16px; border-radius: 8px; background: linear-gradient(90deg, var(--soft), var(--line), var(--soft)) 0 0 / 200% 100%; animation: aoh-shine 1.6s linear infinite; }
.aoh .skeleton span:nth-child(2) { width: 72%; }
.aoh .skeleton span:nth-child(3) { width: 48%; }
@keyframes aoh-shine { to { background-position: -200% 0; } }
@media (prefers-reduced-motion: reduce) { .aoh .skeleton span { animation: none; } .aoh .tile-card { transition: none; } }

.aoh .filters { display: grid; grid-template-columns: minmax(200px, 2fr) 1fr 1fr auto; gap: 12px; align-items: end; }
.aoh .filters > .row { min-height: 36px; }
.aoh .run h2 { font-size: 14px; line-height: 20px; }
.aoh .request, .aoh .summary { white-space: pre-wrap; display: -webkit-box; -webkit-line-clamp: 6; -webkit-box-orient: vertical; overflow: hidden; }
.aoh .request { border-inline-start: 2px solid var(--line); padding-inline-start: 12px; color: var(--mute); -webkit-line-clamp: 3; }
.aoh .settings { display: grid; }
.aoh .settings > h3 { padding-bottom: 12px; }
.aoh .settings + .settings { padding-top: 12px; }
.aoh .settings > h3 + .setting { border-top: 0; padding-top: 0; }
.aoh .setting { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 8px 24px; padding: 16px 0; border-top: 1px solid var(--line); }
.aoh .setting:first-child { border-top: 0; padding-top: 0; }
.aoh .setting > .row { align-items: flex-start; align-content: flex-start; justify-content: flex-end; }

.aoh .backdrop { background: rgba(12, 14, 20, .5); }
.aoh .dialog { position: fixed; inset: 16px; margin: auto; width: min(480px, calc(100vw - 32px)); height: fit-content; max-height: calc(100vh - 32px); overflow: auto; z-index: 50; background: var(--bg); border: 1px solid var(--line); border-radius: 12px; box-shadow: var(--shadow); padding: 20px; display: grid; gap: 16px; }
.aoh .dialog[hidden] { display: none; }
.aoh .dialog h1 { font-size: 16px; line-height: 24px; letter-spacing: 0; }
.aoh .door { display: grid; justify-items: center; align-content: start; gap: 24px; padding: max(24px, 12vh) 16px 48px; }
.aoh .door .card { width: min(440px, 100%); padding: 28px; }
.aoh .door h1 { font-size: 20px; line-height: 28px; }

@media (max-width: 860px) {
  .aoh .shell { grid-template-columns: minmax(0, 1fr); grid-template-rows: auto 1fr; }
  .aoh .side { position: static; height: auto; padding: 12px 16px; border-inline-end: 0; border-bottom: 1px solid var(--line); }
  .aoh .menu-button { display: inline-flex; }
  .aoh .side[data-open="false"] .menu { display: none; }
  .aoh main#content { padding: 24px 16px 64px; }
  .aoh .filters { grid-template-columns: 1fr 1fr; }
  .aoh .filters > :first-child { grid-column: 1 / -1; }
}
@media (max-width: 600px) {
  .aoh main#content button, .aoh main#content .button { white-space: normal; text-align: start; }
  .aoh .map-row { grid-template-columns: minmax(0, 1fr) auto; padding-bottom: 12px; border-bottom: 1px solid var(--line); }
  .aoh .map-row > .icon { display: none; }
  .aoh .map-row > button { grid-area: 1 / 2; }
  .aoh .card { padding: 16px; }
  .aoh .card.flush { padding: 0 16px; }
  .aoh .table thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .aoh .table, .aoh .table tbody, .aoh .table tr, .aoh .table th, .aoh .table td { display: block; }
  .aoh .table tr { padding: 12px 0; border-top: 1px solid var(--line); }
  .aoh .table tr:first-child { border-top: 0; }
  .aoh .table th, .aoh .table td { border: 0; padding: 3px 0; display: grid; grid-template-columns: 96px minmax(0, 1fr); gap: 8px; }
  .aoh .table th::before, .aoh .table td::before { content: attr(data-label); color: var(--mute); font-size: 12px; font-weight: 400; }
  .aoh .setting { grid-template-columns: minmax(0, 1fr); }
  .aoh .setting > .row { justify-content: flex-start; }
}
`;
