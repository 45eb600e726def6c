import { useSyncExternalStore } from "react";

/** A value that components and plain functions share. */
export interface Store<T> {
  get(): T;
  set(next: T | ((now: T) => T)): void;
  subscribe(listener: () => void): () => void;
}

export function createStore<T>(first: T): Store<T> {
  let value = first;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      const made = typeof next === "function" ? (next as (now: T) => T)(value) : next;
      if (Object.is(made, value)) return;
      value = made;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A store that a reload does not empty; `name` is its place in this browser's storage. */
export function createKeptStore<T>(name: string, first: T): Store<T> {
  const store = createStore(read(name, first));
  store.subscribe(() => write(name, store.get()));
  return store;
}

export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get, store.get);
}

function read<T>(name: string, first: T): T {
  try {
    const kept = localStorage.getItem(name);
    return kept === null ? first : (JSON.parse(kept) as T);
  } catch {
    // A browser that keeps nothing is no reason to stop.
    return first;
  }
}

function write(name: string, value: unknown): void {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Full or forbidden: what is in memory still counts.
  }
}
