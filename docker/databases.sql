-- Airflow's database is made by the image; these are the others'.
CREATE DATABASE mlflow;
CREATE DATABASE daywatch;
