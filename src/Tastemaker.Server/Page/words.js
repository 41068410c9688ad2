// What numbers and the server's terms are called on the page.

const whole = new Intl.NumberFormat('en');

/** 6040 -> "6,040" */
export const count = (number) => whole.format(number);

/** A number for a person: three digits that matter. */
export function short(number) {
  const size = Math.abs(number);
  return size === 0 ? '0'
    : size >= 100000 ? number.toExponential(1)
    : size >= 100 ? whole.format(Math.round(number))
    : size >= 0.001 ? String(Number(number.toPrecision(3)))
    : number.toExponential(1);
}

/** Seconds -> "3.2 ms" */
export const duration = (seconds) => (seconds >= 1 ? `${short(seconds)} s` : `${Number((seconds * 1000).toPrecision(2))} ms`);

export const percent = (share) => `${Math.round(100 * share)} %`;

/** 1, "item" -> "1 item" */
export const plural = (number, noun) => `${count(number)} ${noun}${number === 1 ? '' : 's'}`;

/** What answers are called, and what that means. */
export const strategies = {
  'model': ['The model', 'The user was in the training data: the model answers from what it learned of them.'],
  'fold-in': ['Fold-in', 'The model was not trained with this history. It takes the history in as it is, and ranks the items by what goes with it.'],
  'content': ['Content', 'There is no history to go by. The model answers from features or a text.'],
  'popularity': ['Popularity', 'Nothing is known to go by: these are the items that most people have.'],
};

export const strategyName = (strategy) => strategies[strategy]?.[0] ?? strategy;
