import { PageAddressPolicy } from "../../src/markdown/address-policy.js";

/** What a dashboard allows that lets images come from one other origin. */
export const policy = new PageAddressPolicy("https://dashboard.example/reports/sales", ["https://images.example"]);
