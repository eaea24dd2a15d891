// Dates as people say them: in the language of the browser, today and yesterday by name.

const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "long" });
const dayMonth = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long" });
const fullDate = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long", year: "numeric" });
const shortDate = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const nearDay = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

/** "14:02". */
export const timeOf = (date: Date): string => time.format(date);

/** "Today", "Yesterday", "Tuesday", "3 May", "3 May 2024": as near as needed, `now` being now. */
export function dayOf(date: Date, now: Date): string {
  const days = daysBetween(date, now);
  if (days === 0 || days === 1) return capital(nearDay.format(-days, "day"));
  if (days > 1 && days < 7) return weekday.format(date);
  return (date.getFullYear() === now.getFullYear() ? dayMonth : fullDate).format(date);
}

/** For a list: the time today, else the day, short. */
export function shortOf(date: Date, now: Date): string {
  const days = daysBetween(date, now);
  if (days <= 0) return timeOf(date);
  return days < 7 ? dayOf(date, now) : shortDate.format(date);
}

/** "3 May 2026, 14:02", for titles and lists of devices. */
export const fullOf = (date: Date): string => `${fullDate.format(date)}, ${timeOf(date)}`;

/** Local calendar days from `date` to `now`; summer time does not matter. */
export function daysBetween(date: Date, now: Date): number {
  const midnight = (of: Date): number => Date.UTC(of.getFullYear(), of.getMonth(), of.getDate());
  return Math.round((midnight(now) - midnight(date)) / 86_400_000);
}

const capital = (text: string): string => text.charAt(0).toLocaleUpperCase() + text.slice(1);
