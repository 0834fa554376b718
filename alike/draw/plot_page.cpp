// The page that shows a map, before its title and data are put in.
#include "alike/draw/plot_page.h"

namespace alike::draw {

const std::string_view kPlotPage = R"page(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>@TITLE@</title>
<style>
:root { color-scheme: light; --paper: #fff; --ink: #222; --pale: #636363; --rule: #ddd; --field: #f4f4f4; }
@media (prefers-color-scheme: dark) {
  :root:not([data-theme=light]) { color-scheme: dark; --paper: #16181c; --ink: #e4e4e4; --pale: #a0a4aa; --rule: #383c42; --field: #22252b; }
}
:root[data-theme=dark] { color-scheme: dark; --paper: #16181c; --ink: #e4e4e4; --pale: #a0a4aa; --rule: #383c42; --field: #22252b; }
* { box-sizing: border-box; }
body { margin: 0; height: 100vh; height: 100dvh; display: grid; grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr) 17rem;
  background: var(--paper); color: var(--ink); font: 16px/1.4 system-ui, sans-serif; }
header { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; padding: .6rem 1rem; border-bottom: 1px solid var(--rule); }
h1 { font-size: 1.1rem; margin: 0; flex: 1 1 14rem; overflow-wrap: anywhere; font-weight: 600; }
button, input { font: inherit; color: inherit; background: var(--field); border: 1px solid var(--rule); border-radius: 6px; padding: .35rem .6rem; min-height: 2.3rem; }
input { width: 14rem; max-width: 100%; }
button { cursor: pointer; }
:focus-visible { outline: 3px solid #56b4e9; outline-offset: 1px; }
#map { position: relative; min-width: 0; min-height: 0; overflow: hidden; }
canvas { position: absolute; inset: 0; width: 100%; height: 100%; touch-action: none; cursor: grab; }
canvas:focus-visible { outline-offset: -3px; }
#empty { position: absolute; inset: 0; display: grid; place-items: center; color: var(--pale); }
#zoom { position: absolute; left: .6rem; bottom: .6rem; display: flex; gap: .3rem; }
#zoom button { min-width: 2.3rem; }
aside { border-left: 1px solid var(--rule); overflow: auto; padding: .6rem; min-height: 0; }
h2 { font-size: .9rem; margin: .2rem .3rem .4rem; color: var(--pale); font-weight: 600; }
ul { list-style: none; margin: 0 0 .8rem; padding: 0; }
li button { display: flex; gap: .5rem; width: 100%; align-items: center; text-align: left; background: none; border-color: transparent; padding: .2rem .3rem; min-height: 2rem; }
li button:hover { background: var(--field); }
li svg { flex: none; width: 1rem; height: 1rem; }
li .name { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
li .count { color: var(--pale); }
[aria-pressed=false] .name { text-decoration: line-through; color: var(--pale); }
[aria-pressed=false] svg { opacity: .25; }
footer { grid-column: 1 / -1; border-top: 1px solid var(--rule); padding: .4rem 1rem; color: var(--pale); font-size: .9rem; max-height: 6.5rem; overflow: auto; overflow-wrap: anywhere; }
footer p { margin: 0; }
#card { position: absolute; pointer-events: none; max-width: min(16rem, 90%); background: var(--paper); border: 1px solid var(--rule); border-radius: 6px; padding: .4rem .5rem; box-shadow: 0 2px 8px #0004; font-size: .9rem; overflow-wrap: anywhere; }
#card img { display: block; max-width: 100%; margin-bottom: .3rem; image-rendering: auto; }
#card .group { color: var(--pale); }
[hidden] { display: none !important; }
@media (max-width: 640px) {
  body { grid-template: auto minmax(0, 1fr) minmax(0, 30vh) auto / minmax(0, 1fr); }
  header { padding: .5rem .6rem; }
  h1 { flex-basis: 100%; }
  input { flex: 1 1 6rem; width: 6rem; }
  aside { border-left: 0; border-top: 1px solid var(--rule); }
  footer { max-height: 4rem; padding: .3rem .6rem; }
}
</style>
</head>
<body>
<header>
<h1>@TITLE@</h1>
<input id="search" type="search" placeholder="Search names" aria-label="Search names" autocomplete="off" spellcheck="false">
<span id="found" role="status"></span>
<button id="theme" type="button" aria-label="Change between light and dark">Light / dark</button>
</header>
<main id="map">
<canvas id="canvas" tabindex="0" role="application" aria-label="Map. Arrow keys move it, plus and minus zoom, 0 shows all; Enter goes to the next picture that was found."></canvas>
<div id="empty" hidden>no pictures on this map</div>
<div id="zoom">
<button type="button" data-zoom="1.5" aria-label="Zoom in">+</button>
<button type="button" data-zoom="0.6667" aria-label="Zoom out">&minus;</button>
<button type="button" data-zoom="0" aria-label="Show all">All</button>
</div>
<div id="card" role="status" hidden></div>
</main>
<aside aria-label="Groups and pictures found">
<div id="hits" hidden><h2>Found</h2><ul></ul></div>
<div id="groups" hidden><h2>Groups <button id="all" type="button">Show all</button></h2><ul></ul></div>
</aside>
<footer></footer>
<script id="data" type="application/json">@DATA@</script>
<script>
@SCRIPT@</script>
</body>
</html>
)page";

}  // namespace alike::draw
