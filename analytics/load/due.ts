/** Waiting for the next of many, or until a time has come, whichever is first. */
export class Due {
  #hasCome = false;
  #tell: (due: "due") => void = () => {};

  /** @param time resolves when it has come */
  constructor(time: Promise<unknown>) {
    time.then(() => {
      this.#hasCome = true;
      this.#tell("due");
    });
  }

  /**
   * What comes first; `next`, where both are there. One at a time. `Promise.race` with one promise again
   * and again would keep all that it ever answered until that promise is gone.
   */
  or<T>(next: Promise<T>): Promise<T | "due"> {
    const { promise, resolve, reject } = Promise.withResolvers<T | "due">();
    this.#tell = resolve;
    next.then(resolve, reject);
    if (this.#hasCome) Promise.resolve<"due">("due").then(resolve);
    return promise;
  }
}
