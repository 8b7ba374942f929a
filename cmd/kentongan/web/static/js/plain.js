// Without a bundle: our own islands, no third-party code.
import { start } from "./app.js";

start({});
