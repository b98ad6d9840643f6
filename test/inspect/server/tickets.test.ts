import { describe, expect, it } from 'vitest';
import { Tickets } from '../../../src/inspect/server/tickets.ts';
import { testClock } from '../../support/clock.ts';

describe('a ticket', () => {
  it('is good for one visit', () => {
    const tickets = new Tickets(testClock());
    const ticket = tickets.issue();
    expect(tickets.redeem('another')).toBe(false);
    expect(tickets.redeem(ticket)).toBe(true);
    expect(tickets.redeem(ticket)).toBe(false);
  });

  it('is good for a minute', async () => {
    const clock = testClock();
    const tickets = new Tickets(clock);
    const ticket = tickets.issue();
    await clock.advance(60_001);
    expect(tickets.redeem(ticket)).toBe(false);
  });

  it('makes the one before it void', () => {
    const tickets = new Tickets(testClock());
    const [first, second] = [tickets.issue(), tickets.issue()];
    expect(tickets.redeem(first)).toBe(false);
    expect(tickets.redeem(second)).toBe(true);
  });

  it('that was not issued is none', () => {
    expect(new Tickets(testClock()).redeem('')).toBe(false);
  });
});
