import { describe, expect, it } from 'vitest';
import { loadDriver } from '../../../src/store/sqlite/driver.ts';

describe('the driver', () => {
  it('is better-sqlite3', () => {
    const connection = new (loadDriver())(':memory:');
    expect(connection.prepare('SELECT 1 + 1').pluck().get()).toBe(2);
    connection.close();
  });

  it('that is not installed is named with the command that installs it', () => {
    const missing = () => {
      throw Object.assign(new Error("Cannot find module 'better-sqlite3'"), { code: 'MODULE_NOT_FOUND' });
    };
    expect(() => loadDriver(missing)).toThrow(
      expect.objectContaining({
        code: 'STORE_FAILED',
        message: expect.stringMatching(
          /npm install better-sqlite3@13 .*Node 22 or newer.*Cannot find module/,
        ),
      }),
    );
  });

  it.each(['18.20.0', '20.20.2', '21.7.3'])('is not even loaded on Node %s', (version) => {
    let loaded = false;
    const load = () => {
      loaded = true;
    };
    expect(() => loadDriver(load, version)).toThrow(
      expect.objectContaining({
        code: 'STORE_FAILED',
        message: `sqliteStore needs Node 22 or newer; this is Node ${version}.`,
      }),
    );
    expect(loaded).toBe(false);
  });

  it.each(['22.0.0', '24.21.0', '26.1.0'])('is loaded on Node %s', (version) => {
    expect(loadDriver((name) => name, version)).toBe('better-sqlite3');
  });
});
