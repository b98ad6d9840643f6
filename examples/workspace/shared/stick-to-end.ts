/** Closer to the end than this, in pixels, is at the end. */
const NEAR = 32;

/**
 * Keeps the end of what grows in view in the element around it, as long as nobody scrolls up to read; coming back to
 * the end takes hold again. Gives the function that stops it.
 */
export function stickToEnd(content: HTMLElement): () => void {
  const frame = content.parentElement ?? content;
  let sticks = true;
  let [top, height] = [0, 0];
  const look = () => {
    const isAtEnd = frame.scrollHeight - frame.scrollTop - frame.clientHeight < NEAR;
    // Where content has shrunk the frame goes up by itself: that is nobody who reads.
    if (frame.scrollTop < top && frame.scrollHeight >= height) sticks = false;
    else if (frame.scrollTop > top && isAtEnd) sticks = true;
    [top, height] = [frame.scrollTop, frame.scrollHeight];
  };
  // A hand that turns up means it, whatever the content does at that moment.
  const turn = ({ deltaY }: WheelEvent) => {
    if (deltaY < 0 && frame.scrollTop > 0) sticks = false;
  };
  const toEnd = () => {
    if (sticks) frame.scrollTop = frame.scrollHeight;
    [top, height] = [frame.scrollTop, frame.scrollHeight];
  };
  const growth = new ResizeObserver(toEnd);
  growth.observe(content);
  growth.observe(frame);
  frame.addEventListener('scroll', look, { passive: true });
  frame.addEventListener('wheel', turn, { passive: true });
  toEnd();
  return () => {
    growth.disconnect();
    frame.removeEventListener('scroll', look);
    frame.removeEventListener('wheel', turn);
  };
}
