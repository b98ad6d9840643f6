/**
 * `node test/crash/main.ts` kills processes for as long as one likes. CHARTROOM_KILLS says how many, CHARTROOM_SEED
 * repeats what a failure has printed.
 */
import { newTally, runCampaign, type Tally } from './campaign.ts';

const KILLS_PER_FILE = 25;
const kills = Number(process.env.CHARTROOM_KILLS ?? 500);
const seed = Number(process.env.CHARTROOM_SEED ?? Math.floor(Math.random() * 2 ** 31));

console.log(`crash points: ${kills} kills, seed ${seed}`);
const tally = newTally();
const started = performance.now();
let turn = 0;
try {
  for (let left = kills; left > 0; left -= KILLS_PER_FILE) {
    const step = Math.min(left, KILLS_PER_FILE);
    await runCampaign({ seed: seed + turn, kills: step, turn: turn * 5, onKill }, tally);
    turn += 1;
  }
  console.log(inFull(tally));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function onKill({ kills: done }: Tally): void {
  if (done % 10 === 0) console.log(inShort(tally));
}

function inShort({ kills: done, acknowledged, sessions }: Tally): string {
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  return `  ${done} of ${kills} kills, ${acknowledged} calls acknowledged, ${sessions} sessions compared, ${seconds} s`;
}

function inFull({ asked, events, boundaries }: Tally): string {
  const places = [...boundaries]
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `    ${count} × ${name}`);
  return `${inShort(tally)}\n  ${asked} calls asked, ${events} events heard; the processes died\n${places.join('\n')}`;
}
