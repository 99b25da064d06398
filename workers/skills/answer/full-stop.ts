/** A sentence that ends as one, so that another can follow. */
export const fullStop = (text: string): string => (/[.!?…:]["”»’)]?$/u.test(text) ? text : `${text}.`)
