import type { Drawing } from 'chartroom/diagram';
import { isObject } from './is-object.ts';

/** Whether a file has kept a whole drawing: it may have been written, or changed, by anybody. */
export function isDrawing(value: unknown): value is Drawing {
  if (!isObject(value) || !isSize(value)) return false;
  return (
    isListOf(value.states, isState) &&
    isListOf(value.markers, isBox) &&
    isListOf(value.dividers, (each) => isListOf(each, isPoint)) &&
    isListOf(value.routes, isRoute)
  );
}

function isState(value: unknown): boolean {
  if (!isBox(value) || typeof value.id !== 'string') return false;
  return value.collapsed === undefined || Number.isFinite(value.collapsed);
}

function isRoute(value: unknown): boolean {
  if (!isObject(value) || !isListOf(value.points, isPoint)) return false;
  if (value.label !== undefined && !isBox(value.label)) return false;
  return isListOf(value.edges, (each) => typeof each === 'string');
}

function isBox(value: unknown): value is Record<string, unknown> {
  return isPoint(value) && isSize(value);
}

function isPoint(value: unknown): value is Record<string, unknown> {
  return isObject(value) && Number.isFinite(value.x) && Number.isFinite(value.y);
}

function isSize(value: Record<string, unknown>): boolean {
  return Number.isFinite(value.width) && Number.isFinite(value.height);
}

function isListOf(value: unknown, fits: (each: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(fits);
}
