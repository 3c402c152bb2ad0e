/** The id of a component; an object where callbacks match patterns. */
export type DashId = string | Readonly<Record<string, string | number>>;

type Props = Readonly<Record<string, unknown>>;

/** Sets properties of a Dash component. Returns false when Dash, or the component, is not there (any more). */
export type SetProps = (id: DashId, props: Props) => boolean;

/** Reads a property of a Dash component; undefined when Dash, or the component, is not there. */
export type GetProp = (id: DashId, name: string) => unknown;

interface DashWindow {
  readonly dash_clientside?: { set_props?(id: DashId, props: Props): void };
  readonly dash_component_api?: { getLayout?(id: DashId): { readonly props?: Props } | undefined };
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

/** Looks `getLayout` up at each call, for the same reason. */
export function dashGetProp(host: object): GetProp {
  return (id, name) => {
    try {
      return (host as DashWindow).dash_component_api?.getLayout?.(id)?.props?.[name];
    } catch {
      return undefined;
    }
  };
}
