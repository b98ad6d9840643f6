/** Stands in for elkjs where it is not to be loaded: `layOut` then says that the layout is missing. */
export default class NoElk {
  constructor() {
    throw new Error('This page lays out no charts by itself.');
  }
}
