/** Sets properties of a Dash component. Returns false when Dash, or the component, is not there (any more). */
export type SetProps = (id: string, props: Readonly<Record<string, unknown>>) => boolean;

interface DashWindow {
  readonly dash_clientside?: { set_props?(id: string, props: Readonly<Record<string, unknown>>): void };
}

/** Looks `set_props` up at each call, because this code may load before Dash does. */
export function dashSetProps(host: object): SetProps {
  return (id, props) => {
    const setProps = (host as DashWindow).dash_clientside?.set_props;
    if (!setProps) {
      return false;
    }
    try {
      setProps(id, props);
      return true;
    } catch {
      return false;
    }
  };
}
