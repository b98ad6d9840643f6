/** Numbers and times as a person reads them in a narrow column. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The two greatest units: `480 ms`, `7.2 s`, `3 min 5 s`, `2 h 10 min`, `4 d 3 h`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return '–';
  if (ms < 0) return `−${formatDuration(-ms)}`;
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < 10 * SECOND) return `${trimmed(ms / SECOND)} s`;
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return pair(ms, MINUTE, 'min', SECOND, 's');
  if (ms < DAY) return pair(ms, HOUR, 'h', MINUTE, 'min');
  return pair(ms, DAY, 'd', HOUR, 'h');
}

/** How long ago, in one unit, so that a column of them is calm: `now`, `12 s`, `5 min`, `3 h`, `4 d`. */
export function formatAgo(ms: number): string {
  if (!Number.isFinite(ms)) return '–';
  if (ms < SECOND) return 'now';
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h`;
  return `${Math.floor(ms / DAY)} d`;
}

/** The time of day, with milliseconds; with the date when it is not the day of `now`. */
export function formatTime(ms: number, now = Date.now()): string {
  const at = new Date(ms);
  if (Number.isNaN(at.getTime())) return '–';
  const two = (part: number) => String(part).padStart(2, '0');
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, '0')}`;
  if (at.toDateString() === new Date(now).toDateString()) return time;
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
}

/** `1,234`; from a hundred thousand on `123 k`, `1.2 M`. */
export function formatCount(count: number): string {
  if (count < 100_000) return count.toLocaleString('en');
  if (count < 1_000_000) return `${Math.floor(count / 1000)} k`;
  return `${trimmed(count / 1_000_000)} M`;
}

/** Per second: `0`, `0.4`, `12`. */
export function formatRate(perSecond: number): string {
  if (perSecond < 0.05) return '0';
  return perSecond < 10 ? trimmed(perSecond) : formatCount(Math.round(perSecond));
}

/** `640 B`, `12 kB`, `3.4 MB`: thousands, as disks count. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${trimmed(bytes / 1000)} kB`;
  return `${trimmed(bytes / 1_000_000)} MB`;
}

function pair(ms: number, unit: number, name: string, lesser: number, lesserName: string): string {
  const rest = Math.floor((ms % unit) / lesser);
  return `${Math.floor(ms / unit)} ${name}${rest === 0 ? '' : ` ${rest} ${lesserName}`}`;
}

function trimmed(value: number): string {
  return (Math.floor(value * 10) / 10).toString();
}
