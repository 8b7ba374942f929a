// What a built program sends first: htmx, live updates and our own islands.
import htmx from "htmx.org";
import "htmx.org/dist/ext/hx-sse.js";
import { tinykeys } from "tinykeys";
import { start } from "./js/app.js";

start({ htmx, tinykeys });
