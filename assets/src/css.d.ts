/** Style sheets are bundled by the build; importing one adds it to chat.css. */
declare module "*.css";
