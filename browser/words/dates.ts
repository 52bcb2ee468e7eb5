/** Days and times, in the language of the words. */
const LANGUAGE = 'en';

const day = new Intl.DateTimeFormat(LANGUAGE, { month: 'short', day: 'numeric' });
const year = new Intl.DateTimeFormat(LANGUAGE, { year: 'numeric' });
const time = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'medium', timeStyle: 'short' });
const date = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'long' });

/** `November 3, 2026`. @param ms since 1970 */
export const sayDate = (ms: number): string => date.format(ms);

/** `Nov 3, 2026, 10:00 AM`. @param seconds since 1970 */
export const sayTime = (seconds: number): string => time.format(seconds * 1000);

/** `Nov 3`: without the year, unless it is another than now. @param seconds since 1970 @param now in milliseconds */
export function sayDay(seconds: number, now: number): string {
  const then = seconds * 1000;
  return year.format(then) === year.format(now) ? day.format(then) : `${day.format(then)}, ${year.format(then)}`;
}
