// Settings: my name, my 24 words, my backups, my devices, my relays, my address, the keyboard, taking the account off this device. One page each.

import type { Client } from "@sotto/client";
import type { JSX } from "preact";
import { Avatar } from "../parts/avatar.tsx";
import { Icon, type IconName } from "../parts/icon.tsx";
import { NameField } from "../parts/name-field.tsx";
import { Sheet } from "../parts/sheet.tsx";
import { connectionWords } from "../screens/connection-line.tsx";
import { useLive } from "../state/live.ts";
import { go, type Route, type SettingsPage } from "../state/route.ts";
import { BackupPage } from "./backup-page.tsx";
import { DevicesPage } from "./devices-page.tsx";
import { ErasePage } from "./erase-page.tsx";
import { HelpPage } from "./help-page.tsx";
import { LinkPage } from "./link-page.tsx";
import { RelaysPage } from "./relays-page.tsx";
import { RenewPage } from "./renew-page.tsx";
import { WordsPage } from "./words-page.tsx";

const TITLES: Record<SettingsPage, string> = {
  main: "Settings",
  words: "Your 24 words",
  backup: "Backup",
  devices: "Your devices",
  renew: "Renew this device",
  relays: "Your relays",
  link: "Link a device",
  erase: "Take this account off",
  help: "Keyboard",
};
const PARENT: Record<SettingsPage, SettingsPage | undefined> = {
  main: undefined,
  words: "main",
  backup: "main",
  devices: "main",
  renew: "devices",
  relays: "main",
  link: "devices",
  erase: "main",
  help: "main",
};

/** The settings, at this page. */
export function SettingsSheet({ client, page, onClose }: { client: Client; page: SettingsPage; onClose: () => void }): JSX.Element {
  const parent = PARENT[page];
  return (
    <Sheet
      title={TITLES[page]}
      onClose={onClose}
      onBack={parent === undefined ? undefined : () => go({ at: "settings", page: parent }, { replace: true })}
    >
      <Page client={client} page={page} />
    </Sheet>
  );
}

function Page({ client, page }: { client: Client; page: SettingsPage }): JSX.Element {
  switch (page) {
    case "main":
      return <MainPage client={client} />;
    case "words":
      return <WordsPage client={client} />;
    case "backup":
      return <BackupPage client={client} />;
    case "devices":
      return <DevicesPage client={client} />;
    case "renew":
      return <RenewPage client={client} />;
    case "relays":
      return <RelaysPage client={client} />;
    case "link":
      return <LinkPage client={client} />;
    case "erase":
      return <ErasePage client={client} />;
    case "help":
      return <HelpPage />;
  }
}

function MainPage({ client }: { client: Client }): JSX.Element {
  const profile = useLive(client.profile);
  const recovery = useLive(client.recovery.status);
  const backups = useLive(client.backups.status);
  const devices = useLive(client.devices.list);
  const relays = useLive(client.relays.list).filter(({ leaving }) => leaving === undefined);
  const address = useLive(client.address.state);
  const connection = useLive(client.connection);
  const wordsNote = recovery === "confirmed" ? "Kept" : recovery === "linked" ? "On another device" : "Not written down yet";
  return (
    <>
      <div class="settings-me">
        <Avatar id={client.id} name={profile.name} />
        <NameField
          key={profile.name}
          label="Your name"
          name={profile.name}
          save={(name, signal) => client.updateProfile({ name }, { signal })}
        />
      </div>
      <nav class="settings-list" aria-label="Settings">
        <Line icon="words" label="Your 24 words" note={wordsNote} to={{ at: "settings", page: "words" }} />
        <Line
          icon="down"
          label="Backup"
          note={backups.every === undefined ? "None is kept" : "Weekly"}
          to={{ at: "settings", page: "backup" }}
        />
        <Line
          icon="devices"
          label="Devices"
          note={devices.length === 1 ? "This one" : `${devices.length}`}
          to={{ at: "settings", page: "devices" }}
        />
        <Line icon="share" label="Relays" note={relays.length === 1 ? "One" : `${relays.length}`} to={{ at: "settings", page: "relays" }} />
        <Line
          icon="person"
          label="My address"
          note={address.handle !== undefined ? `@${address.handle}` : address.published ? "Public" : "Not published"}
          to={{ at: "add", tab: "address" }}
        />
        <Line icon="info" label="Keyboard" note="" to={{ at: "settings", page: "help" }} />
        <Line icon="door" label="Take this account off this device" note="" to={{ at: "settings", page: "erase" }} />
      </nav>
      <p class="hint" role="status">
        {connectionWords(connection)}
      </p>
    </>
  );
}

function Line({ icon, label, note, to }: { icon: IconName; label: string; note: string; to: Route }): JSX.Element {
  return (
    <button type="button" class="settings-line" onClick={() => go(to, { replace: true })}>
      <Icon name={icon} />
      <span>{label}</span>
      <small>{note}</small>
      <Icon name="next" />
    </button>
  );
}
