// Where the app begins: the address bar, the account of this browser, the first screen.

import { render } from "preact";
import { App } from "./app.tsx";
import { keepFocus } from "./parts/keep-focus.ts";
import { loadTheRest } from "./parts/later.tsx";
import { openHere } from "./state/account.ts";
import { catchCrashes } from "./state/happenings.ts";
import { loadWholeClient } from "./state/messenger.ts";
import { followAddressBar } from "./state/route.ts";

/** How long after opening the screens for later are loaded, in ms. */
const REST_MS = 1000;

catchCrashes();
keepFocus();
followAddressBar();
const root = document.getElementById("app");
if (root !== null) render(<App />, root);
void openHere().finally(() => setTimeout(() => void loadTheRest(loadWholeClient), REST_MS));
