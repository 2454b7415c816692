/** Pieces as a stream that whoever reads it sets the pace of. */

/** Bytes given at a time. */
const GIVEN = 64 * 1024;

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * @param first what came first of `pieces`
 * @param options `idleMs`: how long a reader may pause before the stream fails; `done`: called once,
 * when it was read, given up or failed
 */
export function streamOf(
  first: IteratorResult<Bytes>,
  pieces: AsyncGenerator<Bytes>,
  { idleMs, done }: { idleMs: number; done: () => void },
): ReadableStream<Bytes> {
  let next = first;
  let at = 0;
  let timer: ReturnType<typeof setTimeout>;
  let ended = false;

  function end(): void {
    clearTimeout(timer);
    if (!ended) done();
    ended = true;
  }

  function wait(controller: ReadableStreamDefaultController<Bytes>): void {
    timer = setTimeout(() => {
      end();
      controller.error(new Error(`nobody read on for ${idleMs} ms`));
      void pieces.return(undefined);
    }, idleMs);
  }

  return new ReadableStream<Bytes>({
    start: wait,
    async pull(controller) {
      clearTimeout(timer);
      try {
        while (!next.done && at >= next.value.length) {
          next = await pieces.next();
          at = 0;
        }
      } catch (error) {
        end();
        throw error;
      }
      if (ended) return;
      if (next.done) {
        end();
        return controller.close();
      }
      controller.enqueue(next.value.slice(at, at += GIVEN));
      wait(controller);
    },
    async cancel() {
      end();
      await pieces.return(undefined);
    },
  }, { highWaterMark: 0 });
}
